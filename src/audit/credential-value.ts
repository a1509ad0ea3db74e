/**
 * What stands where a credential is expected: the credential itself, a name that leads to it, something that issues one
 * for the session, or nothing (a placeholder, an emulator's dummy). Templates and test fixtures are full of the last
 * kind, so they are told apart here, once, for every file format.
 */
import { isDocumentationExample } from '../aws/access-key-id.ts';
import { Secret } from '../kernel/secret.ts';
import { awsCredentialPart } from './credential-names.ts';

/** `stored` and `name` hold no value in the tree; `issued` is a credential that ends with the session. */
export type CredentialValue =
  | { readonly kind: 'nothing'; readonly why: 'empty' | 'placeholder' | 'emulator' }
  | { readonly kind: 'literal'; readonly value: Secret; readonly documentationExample: boolean }
  | { readonly kind: 'stored'; readonly store: string; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'issued'; readonly by: string };

/** Reads a value that stands for itself: no variables, no commands, quotes already taken off. */
export function readPlainCredential(text: string): CredentialValue {
  const value = text.trim();
  if (value === '') return { kind: 'nothing', why: 'empty' };
  if (emulatorValue.test(value)) return { kind: 'nothing', why: 'emulator' };
  if (isPlaceholder(value)) return { kind: 'nothing', why: 'placeholder' };
  return { kind: 'literal', value: new Secret(value), documentationExample: isDocumentationExample(value) };
}

/** Reads the right side of a shell assignment, quotes included: `"$KEY"`, `$(pass show aws/key)`, `AKIA…`. */
export function readShellCredential(text: string): CredentialValue {
  const value = unquote(text.trim());
  const name = /^\$\{?([A-Za-z_]\w*)(?::?[-=?+][^}]*)?\}?$/.exec(value)?.[1];
  if (name !== undefined) return readDefault(value) ?? { kind: 'name', name };
  const inner = /^\$\(([\s\S]*)\)$|^`([\s\S]*)`$/.exec(value);
  if (inner !== null) return readCommandOutput(inner[1] ?? inner[2] ?? '');
  const positional = /^\$\{?\d\}?$/.exec(value);
  if (positional !== null) return { kind: 'name', name: value.replace(/[${}]/g, '') };
  const inside = /\$\{?([A-Za-z_]\w*)/.exec(value)?.[1];
  return inside === undefined ? readPlainCredential(value) : { kind: 'name', name: inside };
}

/** What a command prints where a credential is expected: a store's content, or a session's credentials. */
export function readCommandOutput(command: string): CredentialValue {
  // `$(AWS_ACCESS_KEY_ID)`: a variable of make or of Azure Pipelines, not a command.
  if (/^[A-Z_][A-Z0-9_.]*$/i.test(command.trim())) return { kind: 'name', name: command.trim() };
  if (issuesSession.test(command)) return { kind: 'issued', by: firstWords(command) };
  for (const [pattern, store] of secretStores) {
    const found = pattern.exec(command);
    if (found !== null) return { kind: 'stored', store, name: found[1] ?? firstWords(command) };
  }
  const variable = [...command.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] as string);
  const credential = variable.find((name) => awsCredentialPart(name) !== undefined) ?? variable[0];
  // `$(echo $CREDENTIALS | jq -r .AccessKeyId)`: the text of an STS or Identity Center answer, taken apart.
  if (/AccessKeyId|SecretAccessKey|SessionToken/.test(command)) return { kind: 'issued', by: firstWords(command) };
  return credential === undefined
    ? { kind: 'stored', store: 'command', name: firstWords(command) }
    : { kind: 'name', name: credential };
}

/** True for a value that could be the secret or id itself, going by its shape alone. */
export function looksLikeKeyMaterial(value: string): boolean {
  return /^(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}$/.test(value) || /^[A-Za-z0-9/+]{40}={0,2}$/.test(value);
}

function readDefault(value: string): CredentialValue | undefined {
  const fallback = /^\$\{[A-Za-z_]\w*:?[-=]([^}]*)\}$/.exec(value)?.[1];
  return fallback !== undefined && looksLikeKeyMaterial(fallback) ? readPlainCredential(fallback) : undefined;
}

function isPlaceholder(value: string): boolean {
  if (looksLikeKeyMaterial(value) && !repeats.test(value)) return false;
  return (
    placeholderWord.test(value) ||
    /^[<[{(%@].*[>\]})%@]$/.test(value) ||
    /^_{2,}.*_{2,}$/.test(value) ||
    repeats.test(value) ||
    /\s/.test(value) ||
    value.length < 12
  );
}

function unquote(value: string): string {
  const first = value[0];
  return value.length > 1 && (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value;
}

function firstWords(command: string): string {
  return command.trim().split(/\s+/).slice(0, 3).join(' ');
}

const emulatorValue =
  /^["']?(test(ing)?|mock(_.*|-.*)?|fake(.*)?|dummy(.*)?|foo(bar)?|bar|local(stack)?|minio(admin)?|anything|none|null|na|n\/a|x|a|key|secret|access_?key|secret_?key|root|admin|password|example|not-?used|unused|(test|local|mock).{0,16})["']?$/i;

const placeholderWord =
  /your|change.?me|replace|insert|placeholder|todo|redacted|example[._-]|my[-_]?(aws|access|secret)|<[^>]+>|^(aws_)?(access|secret)_|^\.{3,}|…|_here$|sample|dummy|goes.?here|put_/i;

const repeats = /(.)\1{5,}|(xx|\*\*|\.\.|--|00)\2|^(AKIA|ASIA)?(1234567890|X+|\.+|\*+)/i;

const issuesSession =
  /\bsts\b|assume-?role|get-session-token|get-federation-token|export-credentials|get-role-credentials|credential_process|aws-vault|aws-sso|saml2aws|granted|\bassume\b|169\.254\.169\.254|169\.254\.170\.2|sso\s+login|--web-identity|keyless/i;

/** The commands teams read a long-lived key with; the group is the name it has there. */
const secretStores: readonly (readonly [RegExp, string])[] = [
  [/aws\s.*configure\s+get\s+(\S+)/, 'aws-config'],
  [/secretsmanager\s+get-secret-value.*--secret-id[= ](\S+)/, 'secrets-manager'],
  [/ssm\s+get-parameters?.*--names?[= ](\S+)/, 'parameter-store'],
  [/vault\s+(?:kv\s+get|read)\s+.*?(\S+)$/, 'vault'],
  [/\bop\s+(?:read|item\s+get)\s+(\S+)/, '1password'],
  [/\bpass\s+(?:show\s+)?(\S+)/, 'pass'],
  [/\bbw\s+get\s+\S+\s+(\S+)/, 'bitwarden'],
  [/\bgopass\s+(?:show\s+)?(\S+)/, 'gopass'],
  [/\bsops\s.*?(\S+)$/, 'sops'],
  [/\bsecurity\s+find-(?:generic|internet)-password.*-s\s*(\S+)/, 'macos-keychain'],
  [/\bterraform\s+(?:\S+\s+)?output\s+(?:-raw\s+)?(\S+)/, 'terraform-output'],
  [/\bkubectl\s+.*get\s+secrets?\s+(\S+)/, 'kubernetes'],
  [/\bchamber\s+read\s+(\S+)/, 'chamber'],
  [/\bheroku\s+config:get\s+(\S+)/, 'heroku'],
  [/(?:grep|awk|sed|cut|cat)\b.*\.aws\/credentials/, 'aws-config'],
];
