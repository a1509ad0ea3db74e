/** Backend arguments that Terraform 1.6 deprecated and 1.10 removed. */
import {
  admitsOnlyBefore,
  admitsOnlyFrom,
  boundsOf,
  flatEndpointArguments,
  flatRoleArguments,
  renamedBackendArguments,
} from '../../repository/index.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { plainString } from '../terraform/expression.ts';
import type { ModuleCode } from '../terraform/module-code.ts';
import type { Setting } from '../terraform/settings.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendOutdatedArguments: Detector = defineDetector({
  id: 'backend-outdated-arguments',
  title: 'S3 backend uses arguments that Terraform 1.10 no longer has',
  severity: 'medium',
  class: 'indirect',
  why: 'role_arn and its family moved into assume_role = { }. Terraform 1.10 and later refuse them, in backends and in readers.',
  fix: 'Write them as assume_role = { role_arn = … } once required_version is at least 1.6.',
  fixRule: 'B2',
  source: 'https://developer.hashicorp.com/terraform/language/upgrade-guides',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    dynamodb_endpoint = "https://dynamodb.eu-west-1.amazonaws.com"\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    assume_role = { role_arn = "arn:aws:iam::111122223333:role/state" }\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'terraform {\n  required_version = "~> 1.5.0"\n  backend "s3" {\n    role_arn = "arn:aws:iam::111122223333:role/state"\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const { subject, settings, module } of stateAccesses(file, repository)) {
      const versions = requiredVersions(module);
      const bounds = boundsOf(versions.join(', '));
      if (admitsOnlyBefore(bounds, [1, 6, 0])) continue;
      const written = versions.length === 0 ? 'no required_version' : `required_version ${versions.join(', ')}`;
      const refused = admitsOnlyFrom(bounds, [1, 10, 0]);
      const given = settings.all();
      const flat = given.filter(({ name }) => flatRoleArguments.has(name));
      const old = given.filter(({ name }) => renamed.has(name));
      if (flat[0] !== undefined) {
        report.finding({
          at: flat[0].start,
          identity: `${subject}: flat`,
          usedBy: 'terraform',
          ...(refused ? { severity: 'high' as const } : {}),
          detail: `${subject} has ${namesOf(flat)}; the module has ${written}${refused ? ', which refuses them' : ''}.`,
        });
      }
      if (old[0] !== undefined) {
        report.finding({
          at: old[0].start,
          identity: `${subject}: renamed`,
          usedBy: 'terraform',
          severity: 'low',
          fix: `Write ${old.map(({ name }) => renamed.get(name)).join(', ')} instead.`,
          fixRule: 'B3',
          detail: `${subject} has ${namesOf(old)}, deprecated since Terraform 1.6; the module has ${written}.`,
        });
      }
    }
  },
});

/** The `required_version` constraints as written, those in what Terragrunt generates included. */
function requiredVersions(module: ModuleCode): readonly string[] {
  return module.blocks
    .filter(({ type }) => type === 'terraform')
    .flatMap(({ settings }) => {
      const constraint = settings.get('required_version')?.value;
      return constraint === undefined ? [] : [plainString(constraint) ?? ''];
    });
}

function namesOf(settings: readonly Setting[]): string {
  return settings.map(({ name }) => name).join(', ');
}

/** What the arguments of before are written as now. */
const renamed: ReadonlyMap<string, string> = new Map([
  ...[...flatEndpointArguments].map(([old, name]) => [old, `endpoints = { ${name} = … }`] as const),
  ...renamedBackendArguments,
]);
