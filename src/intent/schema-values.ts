/** The forms of single values in keyless.yaml. The `error` of each is what a reader is told was expected there. */
import { z } from 'zod';

export const accountName: z.ZodString = z
  .string({ error: 'the name of an account, as under `accounts`' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    error: 'a name of letters, digits, `.`, `_` and `-`, at most 63 of them',
  })
  .meta({ description: 'Name of an account, as under `accounts`.' });

export const accountId: z.ZodString = z
  .string({ error: 'twelve digits in quotes, such as "111122223333"' })
  .regex(/^\d{12}$/, { error: 'twelve digits in quotes, such as "111122223333"' })
  .meta({ description: 'The 12 digits of the account, in quotes: as a number YAML drops leading zeros.' });

export const region: z.ZodString = z
  .string({ error: 'an AWS region, such as eu-west-1' })
  .regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, { error: 'an AWS region, such as eu-west-1' });

export const permissionSetName: z.ZodString = z
  .string({ error: 'the name of a permission set' })
  .regex(/^[\w+=,.@-]{1,32}$/, { error: 'the name of a permission set: at most 32 of letters, digits and +=,.@-_' });

export const roleName: z.ZodString = z
  .string({ error: 'the name of an IAM role' })
  .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
    error: 'the name of an IAM role, without its ARN; a path before it is allowed (ci/terraform-plan)',
  });

export const workspaceName: z.ZodString = z
  .string({ error: 'the name of a workspace' })
  .regex(/^[A-Za-z0-9._~-]{1,90}$/, {
    error: 'the name of a Terraform workspace (letters, digits, `-`, `_`, `.`, `~`)',
  });

export const relativePath: z.ZodString = z
  .string({ error: 'a folder relative to the repository, such as stacks/network' })
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))(?!.*\\)(?!\s*$).+$/, {
    error: 'a folder relative to the repository, with `/` and without `..`, such as stacks/network',
  });

export const ssoSessionName: z.ZodString = z
  .string({ error: 'the name of an sso-session, such as acme' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: 'a name of letters, digits, `.`, `_` and `-`, such as acme' });

/** A value the team may not know yet: `null` keeps its place in the file. */
export function maybe<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
): z.ZodOptional<z.ZodNullable<Schema>> {
  return schema.nullable().optional().meta({ description });
}

export const tableName: z.ZodString = z
  .string({ error: 'the name of a DynamoDB table' })
  .regex(/^[A-Za-z0-9._-]{3,255}$/, { error: 'the name of a DynamoDB table' });

export const bucketName: z.ZodString = z
  .string({ error: 'the name of an S3 bucket' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, { error: 'the name of an S3 bucket' });

export const keyArn: z.ZodString = z
  .string({ error: 'the ARN of a KMS key' })
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/, {
    error: 'the ARN of a KMS key, since callers from other accounts can name it in no other way',
  });

export const organizationId: z.ZodString = z
  .string({ error: 'the id of an organisation, such as o-abcd123456' })
  .regex(/^o-[a-z0-9]{10,32}$/, { error: 'the id of an organisation, such as o-abcd123456' });

export const startUrl: z.ZodString = z
  .string({ error: 'the URL of the access portal, such as https://acme.awsapps.com/start' })
  .regex(/^https:\/\/[^\s/]+(\/\S*)?$/, {
    error: 'the URL of the access portal, such as https://acme.awsapps.com/start',
  });

export const repositoryName: z.ZodString = z
  .string({ error: 'owner/name' })
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, {
    error: 'owner/name, such as acme/infrastructure',
  });

export const userName: z.ZodString = z
  .string({ error: 'the user name of a person in Identity Center' })
  .regex(/^[A-Za-z0-9][\w.@+-]{0,127}$/, {
    error: 'the user name of a person in Identity Center: letters, digits and .@+-_, at most 128 of them',
  });

export const email: z.ZodString = z
  .string({ error: 'an e-mail address' })
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'an e-mail address' });

export const displayName: z.ZodString = z
  .string({ error: 'the name of a person' })
  .regex(/^\S.{0,254}$/, { error: 'the name of a person, at most 255 characters' });

export const groupName: z.ZodString = z
  .string({ error: 'the name of a group' })
  .regex(/^[A-Za-z0-9][\w.@+=, -]{0,127}$/, {
    error: 'the name of a group: letters, digits, spaces and .@+=,-_, at most 128 of them',
  });

export const description: z.ZodString = z
  .string({ error: 'a sentence' })
  .regex(/^[^\n]{1,700}$/, { error: 'one line of at most 700 characters' });

/** Absolute: IAM compares `aws:CurrentTime` with an instant and has no notion of a week. */
const instantForm =
  'an absolute instant such as 2026-12-01T08:00:00Z; IAM and Identity Center know no weekly hours and no time zones by name';
export const instant: z.ZodString = z
  .string({ error: instantForm })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/, { error: instantForm });

const durationForm = 'a duration from PT1H to PT12H, as Identity Center takes it';
/** https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html */
export const sessionDuration: z.ZodString = z
  .string({ error: durationForm })
  .regex(/^PT(([1-9]|1[01])H([1-5]?\dM)?|12H)$/, { error: durationForm });

const managedPolicyForm = 'the name of a policy that AWS manages, such as ReadOnlyAccess';
export const managedPolicy: z.ZodString = z
  .string({ error: managedPolicyForm })
  .regex(/^(?!arn:)([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/, { error: managedPolicyForm });

export const githubId: z.ZodString = z
  .string({ error: 'the number of an owner or repository in quotes, such as "123456"' })
  .regex(/^[1-9]\d{0,18}$/, { error: 'the number of an owner or repository in quotes, such as "123456"' });

export const workflowFile: z.ZodString = z
  .string({ error: 'the name of a workflow file, such as apply.yml' })
  .regex(/^[^/\\]+\.ya?ml$/, { error: 'the name of a file in .github/workflows, such as apply.yml' });

export const jobId: z.ZodString = z
  .string({ error: 'the id of a job' })
  .regex(/^[A-Za-z_][\w-]*$/, { error: 'the id of a job, as the workflow has it' });

/** Without wildcards: a pattern of branches also matches those that anyone who may push creates. */
export const branchName: z.ZodString = z
  .string({ error: 'the name of a branch, such as main' })
  .regex(/^(?!refs\/)[^\s*?~^:[\\]+$/, {
    error: 'the name of one branch, such as main; a pattern would also match branches that anyone who may push creates',
  });

export const tagPattern: z.ZodString = z
  .string({ error: 'the name of a tag, such as v1.0.0 or v*' })
  .regex(/^(?!refs\/)[^\s~^:[\\]+$/, { error: 'the name of a tag, in which * and ? stand for any characters: v*' });

export const environmentName: z.ZodString = z
  .string({ error: 'the name of a GitHub environment' })
  .min(1, { error: 'the name of a GitHub environment' });

export const hcpName: z.ZodString = z
  .string({ error: 'a name in HCP Terraform' })
  .regex(/^[^:*?\n]{1,90}$/, { error: 'a name in HCP Terraform, without `:`, `*` and `?`' });

const stateKeyForm =
  'the key of a state object, in which * stands for any characters: network/terraform.tfstate, env:/live/*';
export const stateKey: z.ZodString = z
  .string({ error: stateKeyForm })
  .regex(/^(?!\/)[^\s?]{1,1024}$/, { error: stateKeyForm });

export const iamUserName: z.ZodString = z
  .string({ error: 'the name of an IAM user' })
  .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, { error: 'the name of an IAM user, without its ARN' });
