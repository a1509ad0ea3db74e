/**
 * Credentials in Jenkins pipelines. Groovy is a programming language, so this looks for the fixed forms that the
 * AWS, credentials-binding and pipeline plugins document, with comments blanked out first.
 * https://www.jenkins.io/doc/pipeline/steps/pipeline-aws/, https://plugins.jenkins.io/aws-credentials/
 */
import { awsCredentialPart, credentialPartInAwsContext, credentialStem } from '../credential-names.ts';
import type { SlotPart } from '../credential-slot.ts';
import { readPlainCredential, readShellCredential } from '../credential-value.ts';
import { findShellCredentials } from './shell-credentials.ts';

export interface JenkinsKey {
  /** What the pipeline does: `withAWS`, `environment`, `withCredentials`, `sh`. */
  readonly form: 'withAWS' | 'binding' | 'environment' | 'script';
  readonly parts: readonly SlotPart[];
  readonly at: number;
  /** Id in Jenkins' own store. */
  readonly credentialsId: string | undefined;
}

export interface JenkinsRole {
  readonly at: number;
  readonly role: string;
  readonly account: string | undefined;
}

export function isJenkinsfile(path: string, format: string): boolean {
  return format === 'jenkinsfile' || /\.(groovy|jenkins)$/.test(path);
}

export function findJenkinsKeys(source: string): JenkinsKey[] {
  const text = withoutComments(source);
  return [...withAwsKeys(text), ...bindings(text), ...environment(text), ...scripts(text)].sort((a, b) => a.at - b.at);
}

/** `withAWS(role: …)` without `credentials:`: the agent's own identity assumes a role. */
export function findJenkinsRoles(source: string): JenkinsRole[] {
  const text = withoutComments(source);
  return [...text.matchAll(/\bwithAWS\s*\(([^)]*)\)/g)].flatMap((match) => {
    const settings = match[1] as string;
    const role = setting(settings, 'role') ?? setting(settings, 'iamRole');
    if (role === undefined || setting(settings, 'credentials') !== undefined) return [];
    return [{ at: match.index, role, account: setting(settings, 'roleAccount') }];
  });
}

function withAwsKeys(text: string): JenkinsKey[] {
  return [...text.matchAll(/\bwithAWS\s*\(([^)]*)\)/g)].flatMap((match): JenkinsKey[] => {
    const id = setting(match[1] as string, 'credentials');
    if (id === undefined) return [];
    return [
      {
        form: 'withAWS',
        at: match.index,
        credentialsId: id,
        parts: [storedPart('keyId', 'credentials', match.index, id)],
      },
    ];
  });
}

function bindings(text: string): JenkinsKey[] {
  const found: JenkinsKey[] = [];
  const add = (at: number, id: string | undefined, part: SlotPart['part'], name: string): void => {
    found.push({
      form: 'binding',
      at,
      credentialsId: id,
      parts: [storedPart(part, name, at, id ?? 'an id that is computed')],
    });
  };
  for (const match of text.matchAll(/\$class\s*:\s*['"]AmazonWebServicesCredentialsBinding['"]([^\]]*)/g)) {
    add(
      match.index,
      setting(match[1] as string, 'credentialsId') ?? setting(around(text, match.index), 'credentialsId'),
      'keyId',
      'AWS credentials binding',
    );
  }
  for (const match of text.matchAll(/(?<![\w.])aws\s*\(([^)]*credentialsId[^)]*)\)/g)) {
    add(match.index, setting(match[1] as string, 'credentialsId'), 'keyId', 'AWS credentials binding');
  }
  for (const match of text.matchAll(
    /\b(?:string|usernamePassword|file)\s*\(([^)]*)\)|\[\s*\$class\s*:\s*['"](?:String|UsernamePasswordMultiBinding)[^\]]*\]/g,
  )) {
    const settings = match[1] ?? match[0];
    for (const key of ['variable', 'usernameVariable', 'passwordVariable']) {
      const variable = setting(settings, key);
      const id = setting(settings, 'credentialsId');
      const part =
        variable === undefined
          ? undefined
          : (awsCredentialPart(variable) ?? terraformPart(variable) ?? partOfId(id, key));
      if (variable !== undefined && part !== undefined) add(match.index, id, part, variable);
    }
  }
  return joined(found);
}

function environment(text: string): JenkinsKey[] {
  const found: JenkinsKey[] = [];
  const assignment =
    /(?<![\w.])(?:env\.)?([A-Za-z_]\w*)\s*=\s*(credentials\s*\(\s*['"]([^'"]*)['"]\s*\)|"[^"\n]*"|'[^'\n]*')/g;
  for (const match of text.matchAll(assignment)) {
    const name = match[1] as string;
    const part = awsCredentialPart(name) ?? terraformPart(name);
    if (part === undefined) continue;
    const id = match[3];
    const raw = (match[2] as string).slice(1, -1);
    const value = id !== undefined ? ({ kind: 'stored', store: 'jenkins', name: id } as const) : readGroovyText(raw);
    found.push({
      form: 'environment',
      at: match.index,
      credentialsId: id,
      parts: [{ part, name, at: match.index, value }],
    });
  }
  // withEnv(["AWS_ACCESS_KEY_ID=…"])
  for (const match of text.matchAll(/["'](\w+)=([^"'\n]*)["']/g)) {
    const part = awsCredentialPart(match[1] as string);
    if (part === undefined || !/withEnv\s*\(\s*\[[^\]]*$/.test(text.slice(Math.max(0, match.index - 400), match.index)))
      continue;
    const name = match[1] as string;
    const value = readGroovyText(match[2] as string);
    found.push({
      form: 'environment',
      at: match.index,
      credentialsId: undefined,
      parts: [{ part, name, at: match.index, value }],
    });
  }
  return joined(found);
}

/** The strings given to `sh`. */
function scripts(text: string): JenkinsKey[] {
  const found: JenkinsKey[] = [];
  for (const match of text.matchAll(/\bsh\s*\(?\s*(?:\w+\s*:\s*\w+\s*,\s*)?(?:script\s*:\s*)?("""|'''|"|')/g)) {
    const quote = match[1] as string;
    const start = match.index + match[0].length;
    const end = text.indexOf(quote, start);
    const script = text.slice(start, end === -1 ? text.length : end);
    for (const { part, name, value, index } of findShellCredentials(script)) {
      found.push({
        form: 'script',
        at: start + index,
        credentialsId: undefined,
        parts: [{ part, name, at: start + index, value }],
      });
    }
  }
  return joined(found);
}

/** Neighbours that are halves of one credential become one. */
function joined(keys: readonly JenkinsKey[]): JenkinsKey[] {
  const result: JenkinsKey[] = [];
  for (const key of keys) {
    const last = result.at(-1);
    const [part] = key.parts;
    const near = last !== undefined && key.at - (last.parts.at(-1)?.at ?? 0) < 400;
    const fits =
      near &&
      part !== undefined &&
      last.parts.every((other) => other.part !== part.part && credentialStem(other.name) === credentialStem(part.name));
    if (fits) result[result.length - 1] = { ...last, parts: [...last.parts, ...key.parts] };
    else result.push(key);
  }
  return result;
}

function readGroovyText(text: string): SlotPart['value'] {
  return text.includes('$')
    ? readShellCredential(text.replace(/\$\{?(?:env|params)\./, (start) => start.replace(/(env|params)\.$/, '')))
    : readPlainCredential(text);
}

function storedPart(part: SlotPart['part'], name: string, at: number, id: string): SlotPart {
  return { part, name, at, value: { kind: 'stored', store: 'jenkins', name: id } };
}

function terraformPart(name: string): SlotPart['part'] | undefined {
  return name.startsWith('TF_VAR_') ? credentialPartInAwsContext(name) : undefined;
}

/** `usernamePassword(credentialsId: 'aws-deploy', …)` with variables of any name. */
function partOfId(id: string | undefined, key: string): SlotPart['part'] | undefined {
  if (id === undefined || !/aws[-_](access|secret|key|cred)/i.test(id)) return undefined;
  return key === 'passwordVariable' || /secret/i.test(id) ? 'secret' : 'keyId';
}

function setting(text: string, name: string): string | undefined {
  const match = new RegExp(`(?<![\\w$])${name}\\s*:\\s*(?:(["'])(.*?)\\1|([\\w.$\\[\\]]+))`).exec(text);
  return match?.[2] ?? match?.[3];
}

function around(text: string, index: number): string {
  return text.slice(Math.max(0, index - 200), index + 200);
}

/** Comments as blanks, so that offsets stay; strings are left alone. */
function withoutComments(source: string): string {
  return source.replace(
    /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (piece) => (piece.startsWith('/') ? piece.replace(/[^\n]/g, ' ') : piece),
  );
}
