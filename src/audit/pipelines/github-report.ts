/** Reports the credentials of a GitHub workflow or action that enter in given forms: the body shared by the detectors G1–G7. */
import type { Repository, SourceFile } from '../../repository/index.ts';
import { credentialPartInAwsContext } from '../credential-names.ts';
import { reportStaticSlot } from '../credential-slot.ts';
import type { Report } from '../detector.ts';
import { environmentName, storedSecretName } from '../value-names.ts';
import { findGithubCredentials, type GithubCredential, type GithubCredentialForm } from './github-credentials.ts';
import { secretsIn } from './github-expression.ts';
import { stackOf } from './github-terraform.ts';
import { type GithubAction, type GithubWorkflow, readGithubAction, readGithubWorkflow } from './github-workflow.ts';
import { asText } from './yaml-reading.ts';

/** `lead` says what the place does with the key; `fixRule` where it differs from the detector's own. */
export function reportGithubCredentials(
  file: SourceFile,
  report: Report,
  repository: Repository,
  wanted: (place: GithubCredential) => boolean,
  lead: (place: GithubCredential) => string,
): void {
  const source = readGithubSource(file);
  if (source === undefined) return;
  for (const place of findGithubCredentials(source, repository)) {
    if (!wanted(place)) continue;
    const stack = source.kind === 'workflow' ? stackOf(source, place.job) : undefined;
    reportStaticSlot(report, {
      parts: place.parts,
      slot: place.slot,
      subject: place.subject,
      kind: 'github-static-key',
      usedBy: 'pipeline',
      lead: lead(place),
      ...(stack === undefined ? {} : { stack }),
    });
  }
}

/** Any `TF_VAR_x` can be what a provider's key comes from, whatever it is called; those that say so are parts already. */
export function defineGithubTerraformVariables(file: SourceFile, report: Report): void {
  const workflow = readGithubWorkflow(file);
  if (workflow === undefined || !file.text.includes('TF_VAR_')) return;
  const entries = [
    workflow.env,
    ...workflow.jobs.flatMap((job) => [job.env, ...job.steps.map((step) => step.env)]),
  ].flat();
  for (const { name, nameRange, value } of entries) {
    const text = asText(value)?.text;
    if (!name.startsWith('TF_VAR_') || text === undefined || credentialPartInAwsContext(name) !== undefined) continue;
    const [secret] = secretsIn(text);
    if (secret === undefined) continue;
    const source = { kind: 'name', name: storedSecretName('github', secret) } as const;
    report.define({ at: nameRange.start, name: environmentName(name), source });
  }
}

/** A form inside a workflow; the same form inside a composite action belongs to G7. */
export function inWorkflow(...forms: readonly GithubCredentialForm[]): (place: GithubCredential) => boolean {
  return (place) => place.source.kind === 'workflow' && forms.includes(place.form);
}

function readGithubSource(file: SourceFile): GithubWorkflow | GithubAction | undefined {
  return readGithubWorkflow(file) ?? readGithubAction(file);
}
