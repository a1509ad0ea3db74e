/** Variables, locals, tfvars and module arguments that are there to carry an AWS key. */
import { modulesFedBy, type Repository, type SourceFile } from '../../repository/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { credentialVariables } from '../terraform/credential-variable.ts';
import { plainString } from '../terraform/expression.ts';
import { isTfvars, moduleCode } from '../terraform/module-code.ts';
import { type NameReach, reachOf } from '../terraform/name-reach.ts';
import { valueDefinitions } from '../terraform/value-definitions.ts';
import { valueSources } from '../terraform/value-source.ts';
import { variableName } from '../value-names.ts';

export const variableStaticKey: Detector = defineDetector({
  id: 'variable-static-key',
  title: 'Terraform variable carries an AWS key',
  severity: 'high',
  class: 'static',
  why: 'As long as the variable exists somebody has to keep a long-lived key for it: in tfvars, in TF_VAR_ variables, in a pipeline’s secrets. Its value is in every saved plan.',
  fix: 'Remove the variable together with the provider arguments that read it.',
  source: 'https://developer.hashicorp.com/terraform/language/manage-sensitive-data',
  flagged: [
    { path: 'variables.tf', text: 'variable "aws_access_key" {\n  sensitive = true\n}\n' },
    { path: 'live.tfvars', text: 'aws_secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n' },
    { path: 'x.auto.tfvars.json', text: '{"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}' },
    { path: 'main.tf', text: 'locals {\n  creds = {\n    aws_access_key = "AKIAIOSFODNN7EXAMPLE"\n  }\n}\n' },
    { path: 'main.tf', text: 'provider "aws" {}\nvariable "secret_key" {}\n' },
    { path: 'main.tf', text: 'module "batch" {\n  source         = "./batch"\n  aws_access_key = var.k\n}\n' },
    {
      path: 'main.tftest.hcl',
      text: 'run "plan" {\n  variables {\n    aws_access_key = "AKIAIOSFODNN7EXAMPLE"\n  }\n}\n',
    },
    { path: 'terragrunt.hcl', text: 'inputs = {\n  aws_access_key_id = get_env("K")\n}\n' },
    {
      path: 'terragrunt.hcl',
      text: 'terraform {\n  extra_arguments "aws" {\n    commands = ["plan"]\n    env_vars = {\n      AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"\n    }\n  }\n}\n',
    },
    { path: 'main.tf.json', text: '{"variable": {"aws_secret_access_key": {"type": "string"}}}' },
  ],
  clean: [
    { path: 'variables.tf', text: 'variable "aws_region" {}\nvariable "ssh_access_key_name" {}\n' },
    { path: 'variables.tf', text: 'variable "minio_access_key" {}\n' },
    { path: 'variables.tf', text: 'variable "aws_kms_key_id" {}\n' },
    { path: 'live.tfvars', text: 'aws_access_key = ""\n' },
    { path: 'main.tf', text: 'resource "minio_bucket" "b" {}\nvariable "secret_key" {}\n' },
    {
      path: 'main.tf',
      text: 'variable "access_key" {}\nresource "aws_kinesis_firehose_delivery_stream" "logs" {\n  http_endpoint_configuration {\n    access_key = var.access_key\n  }\n}\n',
    },
  ],
  detect(file, report, repository) {
    for (const definition of valueDefinitions(file, repository)) report.define(definition);
    const module = moduleCode(repository, file.directory);
    for (const { subject, name, part, at, value, slot } of credentialVariables(file, repository)) {
      const text = value === undefined ? undefined : plainString(value.value);
      // A default of "" waits for its value just as no default does; elsewhere "" is nothing.
      const waits = value === undefined || (text === '' && subject.startsWith('variable '));
      if (!waits && text !== undefined && readPlainCredential(text).kind === 'nothing') continue;
      const detail = waits
        ? `${subject} waits for ${partNames[part]}, by tfvars, TF_VAR_${name} or a prompt.`
        : `${subject} holds ${partNames[part]} ${describeOrigin(value.value, file.text)}.`;
      const reach = reachIn(file, repository, subject, name);
      // A short name in a module that uses AWS is a guess, which its only uses can refute.
      if (reach === 'resources' && awsCredentialPart(name) === undefined) continue;
      const usedBy = reach === 'resources' ? 'application' : 'terraform';
      report.finding({
        at,
        identity: subject,
        usedBy,
        detail,
        ...(reach === 'provider' && { fixRule: 'P1' }),
        ...(reach === 'resources' && { severity: 'low', fix: resourceFix }),
      });
      report.method({
        at,
        kind: 'variable-static-key',
        class: 'static',
        usedBy,
        subject,
        stack: file.directory,
        credentialName: name,
        detail,
      });
      for (const source of value === undefined ? [] : valueSources(value.value, module)) {
        report.use({ at, slot, part, source });
      }
      if (subject.startsWith('variable ')) {
        const own = { kind: 'name' as const, name: variableName(file.directory, name) };
        report.use({ at, slot, part, source: own, passive: true });
      }
    }
  },
});

const resourceFix =
  'Give what the resource configures a role of its own, where the service can take one; then remove the variable.';

function reachIn(file: SourceFile, repository: Repository, subject: string, name: string): NameReach {
  const own = moduleCode(repository, file.directory);
  if (subject.startsWith('variable ')) return reachOf('var', name, own);
  if (subject === `local.${name}`) return reachOf('local', name, own);
  const fed = isTfvars(file)
    ? modulesFedBy(repository, file, name).map(({ directory }) => directory)
    : (own.terraform?.calls ?? []).flatMap((call) =>
        subject === `argument ${name} of module "${call.name}"` ? (call.directory ?? []) : [],
      );
  const reached = fed.map((directory) => reachOf('var', name, moduleCode(repository, directory)));
  if (reached.includes('provider')) return 'provider';
  return reached.length > 0 && reached.every((reach) => reach === 'resources') ? 'resources' : 'elsewhere';
}

const partNames = { keyId: 'an access key id', secret: 'a secret access key', token: 'a session token' } as const;
