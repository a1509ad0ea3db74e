/**
 * The form of keyless.yaml, once: it validates the file and, as JSON Schema, tells editors what may stand in it.
 * The `error` of each part is what a reader is told was expected there.
 */
import { z } from 'zod';
import type { IntentFile } from './intent-file.ts';

const accountName = z
  .string({ error: 'the name of an account, as under `accounts`' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    error: 'a name of letters, digits, `.`, `_` and `-`, at most 63 of them',
  })
  .meta({ description: 'Name of an account, as under `accounts`.' });

const accountId = z
  .string({ error: 'twelve digits in quotes, such as "111122223333"' })
  .regex(/^\d{12}$/, { error: 'twelve digits in quotes, such as "111122223333"' })
  .meta({ description: 'The 12 digits of the account, in quotes: as a number YAML drops leading zeros.' });

const region = z
  .string({ error: 'an AWS region, such as eu-west-1' })
  .regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, { error: 'an AWS region, such as eu-west-1' });

const permissionSetName = z
  .string({ error: 'the name of a permission set' })
  .regex(/^[\w+=,.@-]{1,32}$/, { error: 'the name of a permission set: at most 32 of letters, digits and +=,.@-_' });

const roleName = z.string({ error: 'the name of an IAM role' }).regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/, {
  error: 'the name of an IAM role, without its ARN; a path before it is allowed (ci/terraform-plan)',
});

const workspaceName = z.string({ error: 'the name of a workspace' }).regex(/^[A-Za-z0-9._~-]{1,90}$/, {
  error: 'the name of a Terraform workspace (letters, digits, `-`, `_`, `.`, `~`)',
});

const relativePath = z
  .string({ error: 'a folder relative to the repository, such as stacks/network' })
  .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))(?!.*\\)(?!\s*$).+$/, {
    error: 'a folder relative to the repository, with `/` and without `..`, such as stacks/network',
  });

const ssoSessionName = z
  .string({ error: 'the name of an sso-session, such as acme' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: 'a name of letters, digits, `.`, `_` and `-`, such as acme' });

/** A value the team may not know yet: `null` keeps its place in the file. */
function maybe<Schema extends z.ZodType>(schema: Schema, description: string) {
  return schema.nullable().optional().meta({ description });
}

const tableName = z
  .string({ error: 'the name of a DynamoDB table' })
  .regex(/^[A-Za-z0-9._-]{3,255}$/, { error: 'the name of a DynamoDB table' });

const lockTable = z.union(
  [
    tableName,
    z.strictObject({
      name: tableName.meta({ description: 'Name of the table.' }),
      account: maybe(accountName, 'Account of the table; that of the bucket when left out.'),
      region: maybe(region, 'Region of the table; that of the bucket when left out.'),
    }),
  ],
  { error: 'the name of a DynamoDB table, or a map with name, account and region' },
);

const bucketName = z
  .string({ error: 'the name of an S3 bucket' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/, { error: 'the name of an S3 bucket' });

const keyArn = z
  .string({ error: 'the ARN of a KMS key' })
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/, {
    error: 'the ARN of a KMS key, since callers from other accounts can name it in no other way',
  });

const organizationId = z
  .string({ error: 'the id of an organisation, such as o-abcd123456' })
  .regex(/^o-[a-z0-9]{10,32}$/, { error: 'the id of an organisation, such as o-abcd123456' });

const startUrl = z
  .string({ error: 'the URL of the access portal, such as https://acme.awsapps.com/start' })
  .regex(/^https:\/\/[^\s/]+(\/\S*)?$/, {
    error: 'the URL of the access portal, such as https://acme.awsapps.com/start',
  });

const repositoryName = z
  .string({ error: 'owner/name' })
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, {
    error: 'owner/name, such as acme/infrastructure',
  });

const valueForms: Readonly<Record<IntentValueKind, z.ZodType>> = {
  bucket: bucketName,
  keyArn,
  organizationId,
  region,
  relativePath,
  repositoryName,
  shortName: ssoSessionName,
  startUrl,
  tableName,
  workspace: workspaceName,
};

const stateBackend = z.strictObject(
  {
    bucket: bucketName.meta({ description: 'The bucket that holds the state.' }),
    account: maybe(accountName, 'Account that owns the bucket.'),
    region: maybe(region, 'Region of the bucket.'),
    access: z.enum(['direct', 'profile'], { error: 'direct or profile' }).optional().meta({
      description:
        'direct (default): the identity that runs Terraform reaches the bucket through its policy, nothing about it stands in committed code. profile: a named profile of the state account; pipelines get it by partial configuration.',
    }),
    profile: maybe(
      ssoSessionName,
      'The profile that `access: profile` uses; the apply profile of the account when left out.',
    ),
    kms_key_id: maybe(
      keyArn,
      'ARN of the customer-managed key that the bucket demands. Leave it out where there is none.',
    ),
    lock_table: maybe(lockTable, 'DynamoDB table that is still used for locking. Leave it out where there is none.'),
  },
  { error: 'a map that describes one state bucket' },
);

const stack = z.strictObject(
  {
    path: relativePath.meta({ description: 'Folder of the Terraform root module, relative to this file.' }),
    account: maybe(accountName, 'The account of a stack without workspaces.'),
    workspaces: z
      .record(workspaceName, accountName.nullable(), { error: 'a map from workspace to account name' })
      .optional()
      .meta({ description: 'Workspace → name of the account it lives in.' }),
  },
  { error: 'a map with path and either account or workspaces' },
);

const github = z.strictObject(
  {
    repository: maybe(repositoryName, 'owner/name, as GitHub spells it: the subject of its tokens is case-sensitive.'),
    environments: z
      .record(
        z.string().min(1),
        z.strictObject(
          { account: accountName.nullable().meta({ description: 'Account that jobs of this environment work in.' }) },
          { error: 'a map such as { account: dev }' },
        ),
        { error: 'a map from GitHub environment to { account: … }' },
      )
      .nullable()
      .optional()
      .meta({ description: 'GitHub environments and the account that each deploys to.' }),
    roles: z
      .strictObject(
        {
          plan: roleName.optional().meta({ description: 'Role that plan jobs take. Default: terraform-plan.' }),
          apply: roleName.optional().meta({ description: 'Role that apply jobs take. Default: terraform-apply.' }),
        },
        { error: 'a map with plan and apply' },
      )
      .nullable()
      .optional()
      .meta({ description: 'Names of the roles that pipelines take, the same in every account.' }),
  },
  { error: 'a map with repository, environments and roles' },
);

export const intentFileSchema: z.ZodType<IntentFile> = z
  .strictObject(
    {
      version: z.literal(1, { error: '1, the only version there is' }).meta({ description: 'Version of this format.' }),
      partition: z
        .enum(['aws', 'aws-us-gov', 'aws-cn'], { error: 'aws, aws-us-gov or aws-cn' })
        .optional()
        .meta({ description: 'The AWS partition of every account here. Default: aws.' }),
      organization: z
        .strictObject(
          {
            name: ssoSessionName.meta({ description: 'Short name of the organisation; names are made from it.' }),
            id: maybe(organizationId, 'Id of the AWS organisation. Without it the accounts are trusted one by one.'),
          },
          { error: 'a map with name and id' },
        )
        .meta({ description: 'The AWS organisation.' }),
      identity_center: z
        .strictObject(
          {
            start_url: maybe(startUrl, 'URL of the AWS access portal, as people open it.'),
            region: maybe(region, 'Region in which Identity Center is enabled.'),
            sso_session: ssoSessionName
              .optional()
              .meta({ description: 'Name of the [sso-session …] in ~/.aws/config. Default: organization.name.' }),
          },
          { error: 'a map with start_url, region and sso_session' },
        )
        .nullable()
        .optional()
        .meta({ description: 'How people sign in.' }),
      permission_sets: z
        .strictObject(
          {
            plan: permissionSetName
              .optional()
              .meta({ description: 'Set people plan with. Default: TerraformDeveloper.' }),
            apply: permissionSetName
              .optional()
              .meta({ description: 'Set people apply with. Default: TerraformDeployer.' }),
          },
          { error: 'a map with plan and apply' },
        )
        .nullable()
        .optional()
        .meta({ description: 'Permission sets of Identity Center.' }),
      accounts: z
        .record(accountName, accountId.nullable(), { error: 'a map from account name to account id' })
        .meta({ description: 'Name of each account, as the team calls it, and its id.' }),
      stacks: z
        .array(stack, { error: 'a list of stacks' })
        .nullable()
        .optional()
        .meta({ description: 'Every Terraform root module and the account each of its workspaces lives in.' }),
      state: z
        .array(stateBackend, { error: 'a list of state buckets' })
        .nullable()
        .optional()
        .meta({ description: 'Where Terraform keeps its state.' }),
      github: github.nullable().optional().meta({ description: 'Pipelines on GitHub Actions.' }),
    },
    { error: 'a map that begins with `version: 1`' },
  )
  .meta({
    title: 'keyless.yaml',
    description: 'Who may run Terraform where. Everything else keyless derives from this file or checks against it.',
  });

/** Whether a text may stand in keyless.yaml as a value of this kind; what was found elsewhere may not. */
export function isIntentValue(kind: IntentValueKind, text: string): boolean {
  return valueForms[kind].safeParse(text).success;
}

export type IntentValueKind =
  | 'bucket'
  | 'keyArn'
  | 'organizationId'
  | 'region'
  | 'relativePath'
  | 'repositoryName'
  | 'shortName'
  | 'startUrl'
  | 'tableName'
  | 'workspace';

/** The JSON Schema of keyless.yaml, as `schemas/keyless.schema.json` holds it. Draft 7: the one editors read best. */
export function renderIntentSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(intentFileSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $schema, ...rest }, null, 2)}\n`;
}
