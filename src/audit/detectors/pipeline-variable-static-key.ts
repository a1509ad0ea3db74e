/** AWS keys that Terraform code puts into the stores of pipelines: HCP Terraform, GitHub, GitLab and others. */
import { awsCredentialPart } from '../credential-names.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { plainString } from '../terraform/expression.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';
import { valueSources } from '../terraform/value-source.ts';

export const pipelineVariableStaticKey: Detector = defineDetector({
  id: 'pipeline-variable-static-key',
  title: 'Code puts an AWS key into a pipeline’s variables',
  severity: 'critical',
  class: 'static',
  why: 'Every run of the pipeline signs with the same long-lived key, whoever started it, and the key is in the state of this code as well.',
  fix: 'Let the platform’s runs become a role: dynamic provider credentials in HCP Terraform (TFC_AWS_PROVIDER_AUTH, TFC_AWS_RUN_ROLE_ARN), OIDC in the others. Then remove these variables.',
  source:
    'https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "tfe_variable" "key" {\n  key      = "AWS_ACCESS_KEY_ID"\n  value    = aws_iam_access_key.ci.id\n  category = "env"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "github_actions_secret" "s" {\n  secret_name     = "AWS_SECRET_ACCESS_KEY"\n  plaintext_value = var.secret\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "gitlab_project_variable" "v" {\n  key   = "AWS_ACCESS_KEY_ID"\n  value = var.key\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "github_actions_environment_secret" "s" {\n  secret_name     = "DEPLOY_KEY"\n  plaintext_value = aws_iam_access_key.ci.secret\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "tfe_variable" "role" {\n  key      = "TFC_AWS_RUN_ROLE_ARN"\n  value    = aws_iam_role.ci.arn\n  category = "env"\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "github_actions_secret" "s" {\n  secret_name     = "NPM_TOKEN"\n  plaintext_value = var.token\n}\n',
    },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const { type, name: nameArgument, values, platform } of stores) {
      for (const block of resourcesOfType(file, type)) {
        const nameValue = block.settings.get(nameArgument)?.value;
        const name = (nameValue === undefined ? undefined : plainString(nameValue)) ?? 'a variable';
        const value = values.map((each) => block.settings.get(each)).find((setting) => setting !== undefined);
        const origin = value === undefined ? '' : describeOrigin(value.value, file.text);
        if (/^TFC_AWS_(RUN|PLAN|APPLY)_ROLE_ARN(_\w+)?$/.test(name)) {
          const roleArns = value === undefined ? [] : possibleTexts(value.value, module, file.text);
          report.method({
            at: block.start,
            kind: 'hcp-dynamic-credentials',
            class: 'dynamic',
            usedBy: 'pipeline',
            subject: addressOf(block),
            stack: file.directory,
            roleArns,
            detail: `${addressOf(block)}: runs in HCP Terraform become ${roleArns.join(' or ') || 'a role'}.`,
          });
        }
        const part = awsCredentialPart(name);
        if (part === undefined && !/\baws_iam_access_key\./.test(origin)) continue;
        const subject = addressOf(block);
        const at = block.start;
        for (const source of value === undefined || part === undefined ? [] : valueSources(value.value, module)) {
          report.use({ at: value?.start ?? at, slot: `${file.path}#${type}`, part: part ?? 'keyId', source });
        }
        const detail = `${subject} stores ${name} in ${platform}${origin === '' ? '' : `, ${origin}`}.`;
        reportPlace(report, {
          at,
          kind:
            platform === 'HCP Terraform'
              ? 'hcp-static-key'
              : platform === 'GitHub'
                ? 'github-static-key'
                : 'ci-static-key',
          class: 'static',
          usedBy: 'pipeline',
          subject,
          stack: file.directory,
          credentialName: name,
          detail,
        });
      }
    }
  },
});

interface Store {
  readonly type: string;
  readonly name: string;
  readonly values: readonly string[];
  readonly platform: string;
}

const github = {
  name: 'secret_name',
  values: ['plaintext_value', 'value', 'encrypted_value', 'value_encrypted'],
  platform: 'GitHub',
};
const gitlab = { name: 'key', values: ['value'], platform: 'GitLab' };

const stores: readonly Store[] = [
  { type: 'tfe_variable', name: 'key', values: ['value', 'value_wo'], platform: 'HCP Terraform' },
  { type: 'github_actions_secret', ...github },
  { type: 'github_actions_environment_secret', ...github },
  { type: 'github_actions_organization_secret', ...github },
  { type: 'github_codespaces_secret', ...github },
  { type: 'github_dependabot_secret', ...github },
  { type: 'gitlab_project_variable', ...gitlab },
  { type: 'gitlab_group_variable', ...gitlab },
  { type: 'gitlab_instance_variable', ...gitlab },
  { type: 'circleci_context_environment_variable', name: 'variable', values: ['value'], platform: 'CircleCI' },
  { type: 'circleci_environment_variable', name: 'name', values: ['value'], platform: 'CircleCI' },
  { type: 'bitbucket_repository_variable', name: 'key', values: ['value'], platform: 'Bitbucket' },
  { type: 'bitbucket_deployment_variable', name: 'key', values: ['value'], platform: 'Bitbucket' },
  { type: 'spacelift_environment_variable', name: 'name', values: ['value', 'value_wo'], platform: 'Spacelift' },
  { type: 'env0_configuration_variable', name: 'name', values: ['value'], platform: 'env0' },
  { type: 'scalr_variable', name: 'key', values: ['value', 'value_wo'], platform: 'Scalr' },
];
