/** What the detectors of every YAML pipeline but GitHub's do with what was found: one body, one voice. */
import type { SourceFile } from '../../repository/index.ts';
import { reportStaticSlot } from '../credential-slot.ts';
import type { Report } from '../detector.ts';
import type { MethodKind, UsedBy } from '../inventory.ts';
import { accountOfRole, rolesIn } from '../role-arn.ts';
import { findTerraformRuns } from './terraform-runs.ts';
import { findYamlCredentials, type YamlCredential } from './yaml-credentials.ts';
import { asText, offsetInFile, readYaml, walkYaml, type YamlPart, type YamlText } from './yaml-reading.ts';

export interface PipelineVoice {
  readonly kind: MethodKind;
  /** `GitLab job`, `CircleCI`: what a reader calls the place; the path's last keys follow. */
  readonly label: string;
  readonly usedBy?: UsedBy;
  readonly fixRule?: string;
}

/** Reports every static credential of a file; returns how many there were. */
export function reportYamlCredentials(file: SourceFile, report: Report, voice: PipelineVoice): number {
  const found = findYamlCredentials(file);
  for (const credential of found) {
    const subject = placeOf(voice.label, credential);
    const stack = soleStackOf(readYaml(file));
    reportStaticSlot(report, {
      parts: credential.parts,
      slot: credential.slot,
      subject,
      kind: voice.kind,
      usedBy: voice.usedBy ?? 'pipeline',
      lead:
        credential.form === 'script'
          ? `the script of ${subject} hands on a static key`
          : `${subject} holds a static key`,
      ...(voice.fixRule === undefined ? {} : { fixRule: voice.fixRule }),
      ...(stack === undefined ? {} : { stack }),
    });
  }
  return found.length;
}

export interface RoleUse {
  readonly at: number;
  readonly kind: MethodKind;
  readonly subject: string;
  readonly detail: string;
  /** Text that may name the role. */
  readonly roleText?: string;
  readonly class?: 'dynamic' | 'indirect';
  readonly stack?: string;
}

export function reportRole(report: Report, use: RoleUse): void {
  const roleArns = rolesIn(use.roleText ?? '');
  const accountId = accountOfRole(roleArns.at(-1));
  report.method({
    at: use.at,
    kind: use.kind,
    class: use.class ?? 'dynamic',
    usedBy: 'pipeline',
    subject: use.subject,
    detail: use.detail,
    ...(roleArns.length === 0 ? {} : { roleArns }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(use.stack === undefined ? {} : { stack: use.stack }),
  });
}

/** Texts of a file that match, with where the match stands. */
export function* matchesIn(
  file: SourceFile,
  pattern: RegExp,
): Generator<{ readonly at: number; readonly text: YamlText; readonly match: RegExpExecArray }> {
  for (const root of readYaml(file)) {
    for (const part of walkYaml(root)) {
      const match = part.kind === 'text' ? pattern.exec(part.text) : null;
      if (part.kind === 'text' && match !== null)
        yield { at: offsetInFile(file, part, match.index), text: part, match };
    }
  }
}

/**
 * A pipeline that runs Terraform on credentials its file does not show: they come from settings outside the repository,
 * which is where static keys usually live.
 */
export function reportUnseenCredentials(
  file: SourceFile,
  report: Report,
  kind: MethodKind,
  server: string,
  settings: string,
): void {
  const run = firstTerraformRun(file);
  if (run === undefined) return;
  const detail = `Terraform runs on credentials that the file does not show: they come from ${settings}.`;
  const stack = soleStackOf(readYaml(file));
  report.finding({
    at: run,
    detail,
    severity: 'medium',
    class: 'indirect',
    usedBy: 'pipeline',
    fix: `Look into ${settings}: a key there is what the pipeline lives on.`,
  });
  report.method({
    at: run,
    kind,
    class: 'indirect',
    usedBy: 'pipeline',
    subject: server,
    detail,
    ...(stack === undefined ? {} : { stack }),
  });
}

/** Where Terraform first runs for real, and not only `fmt` and `validate`. */
function firstTerraformRun(file: SourceFile): number | undefined {
  if (!/\b(terraform|tofu|terragrunt)\b/.test(file.text)) return undefined;
  for (const root of readYaml(file)) {
    for (const part of walkYaml(root)) {
      if (part.kind !== 'text') continue;
      const run = findTerraformRuns(part.text, '').find(({ command }) =>
        /^(plan|apply|destroy|run-all|import|refresh)$/.test(command),
      );
      if (run !== undefined) return offsetInFile(file, part, run.index);
    }
  }
  return undefined;
}

/** The folder, when everything below the parts that runs Terraform runs it in the same one. */
export function soleStackOf(parts: readonly YamlPart[]): string | undefined {
  const folders = new Set<string | undefined>();
  for (const part of parts) for (const folder of foldersBelow(part, '')) folders.add(folder);
  const [folder] = folders;
  return folders.size === 1 ? folder : undefined;
}

/** A list of lines is one script, so a `cd` in one holds for the next. */
function foldersBelow(part: YamlPart | undefined, start: string | undefined): (string | undefined)[] {
  if (part === undefined) return [];
  if (part.kind === 'text') return findTerraformRuns(part.text, start).map((run) => run.directory);
  if (part.kind === 'list') {
    const lines = part.items.flatMap((item) => asText(item)?.text ?? []);
    const script =
      lines.length > 1 ? findTerraformRuns(lines.join('\n'), start).map((run) => run.directory) : undefined;
    return part.items
      .flatMap((item) => (item.kind === 'text' && script !== undefined ? [] : foldersBelow(item, start)))
      .concat(script ?? []);
  }
  const own = part.entries.find(({ name }) => /^(working[_-]?directory|workingDirectory|dir)$/.test(name));
  const text = asText(own?.value)?.text;
  const folder =
    text === undefined ? start : /[$<{]/.test(text) ? undefined : text.replace(/^\.\//, '').replace(/\/$/, '');
  return part.entries.flatMap((entry) => (entry === own ? [] : foldersBelow(entry.value, folder)));
}

function placeOf(label: string, { path }: YamlCredential): string {
  const named = path.filter((name) => !plumbing.has(name)).slice(0, 2);
  return named.length === 0 ? label : `${label} ${named.join(' / ')}`;
}

/** Keys that say nothing to a reader who looks for the place. */
const plumbing: ReadonlySet<string> = new Set([
  'variables',
  'script',
  'before_script',
  'after_script',
  'env',
  'environment',
  'jobs',
  'steps',
  'run',
  'command',
  'step',
  'pipelines',
  'services',
  'spec',
  'template',
  'commands',
]);
