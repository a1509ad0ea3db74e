/** What the detectors of scripts, settings files, Makefiles and Dockerfiles do with what was found. */
import { parseShellAssignments, type ShellDialect } from '../../formats/shell/index.ts';
import { Secret } from '../../kernel/secret.ts';
import type { SourceFile } from '../../repository/index.ts';
import { credentialPartInAwsContext } from '../credential-names.ts';
import { reportStaticSlot } from '../credential-slot.ts';
import type { Report } from '../detector.ts';
import type { MethodKind, UsedBy } from '../inventory.ts';
import { environmentName } from '../value-names.ts';
import { findShellCredentials, type ShellCredential, type ShellCredentialForm } from './shell-credentials.ts';
import { findTerraformRuns } from './terraform-runs.ts';

export interface ShellVoice {
  readonly kind: MethodKind;
  readonly usedBy: UsedBy;
  readonly fixRule?: string;
  readonly fix?: string;
  readonly subject: string;
}

export function reportShellCredentials(
  file: SourceFile,
  report: Report,
  dialect: ShellDialect,
  voice: ShellVoice,
  wanted: (credential: ShellCredential) => boolean = () => true,
): void {
  if (!/aws|access_?key|secret_?key|TF_VAR_/i.test(file.text)) return;
  defineTerraformVariables(file, report, dialect);
  const credentials = findShellCredentials(file.text, dialect).filter(wanted);
  const directories = new Set(findTerraformRuns(file.text, undefined).map((run) => run.directory));
  const [stack] = directories.size === 1 ? directories : [];
  for (const [index, group] of groupsOf(credentials).entries()) {
    const form = (group[0] as ShellCredential).form;
    reportStaticSlot(report, {
      parts: group.map(({ part, name, index: at, value }) => ({ part, name, at, value })),
      slot: `${file.path}#${form}/${index}`,
      lead: `${voice.subject} ${leads[form]}`,
      reach: form === 'assignment' ? 'everywhere' : 'here',
      subject: voice.subject,
      kind: voice.kind,
      usedBy: voice.usedBy,
      ...(voice.fixRule === undefined ? {} : { fixRule: voice.fixRule }),
      ...(voice.fix === undefined ? {} : { fix: voice.fix }),
      ...(stack === undefined ? {} : { stack }),
    });
  }
}

/** Any `TF_VAR_x` can be what a provider's key comes from, whatever it is called; those that say so are parts already. */
function defineTerraformVariables(file: SourceFile, report: Report, dialect: ShellDialect): void {
  for (const { name, nameStart, value, literal, references, inComment } of parseShellAssignments(file.text, dialect)) {
    if (!name.startsWith('TF_VAR_') || inComment || credentialPartInAwsContext(name) !== undefined) continue;
    const [reference] = references;
    if (literal && value !== undefined && value !== '') {
      report.define({
        at: nameStart,
        name: environmentName(name),
        source: { kind: 'literal', value: new Secret(value) },
      });
    } else if (reference !== undefined) {
      report.define({
        at: nameStart,
        name: environmentName(name),
        source: { kind: 'name', name: environmentName(reference) },
      });
    }
  }
}

/** One group a credential: same form, same stem of the name, and a part that comes again starts the next. */
function groupsOf(credentials: readonly ShellCredential[]): ShellCredential[][] {
  const groups: ShellCredential[][] = [];
  for (const credential of credentials) {
    const open = groups.findLast((group) => group[0]?.form === credential.form && group[0].scope === credential.scope);
    const again = open?.some((each) => each.part === credential.part) ?? true;
    if (open === undefined || again) groups.push([credential]);
    else open.push(credential);
  }
  return groups;
}

const leads: Readonly<Record<ShellCredentialForm, string>> = {
  assignment: 'sets a static key',
  'passed-on': 'hands a static key on',
  'aws-configure': 'writes a static key into an AWS profile',
  'credentials-file': 'writes a static key into a file of the AWS tools',
  'pipeline-environment': 'puts a static key into the environment of the pipeline',
  'terraform-variable': 'gives a static key to Terraform on its command line',
  'backend-config': 'gives a static key to the backend on the command line',
  argument: 'hands a static key on',
};
