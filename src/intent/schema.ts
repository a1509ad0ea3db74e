/**
 * The form of keyless.yaml, once: it validates the file and, as JSON Schema, tells editors what may stand in it.
 * The `error` of each part is what a reader is told was expected there.
 */
import { z } from 'zod';
import type { IntentFile } from './intent-file.ts';
import { assignments, groups, people, permissionSets } from './schema-identity.ts';
import { github, hcpTerraform } from './schema-pipelines.ts';
import { moduleBucket, stateBackend } from './schema-state.ts';
import {
  accountId,
  accountName,
  bucketName,
  iamUserName,
  keyArn,
  maybe,
  organizationId,
  region,
  relativePath,
  repositoryName,
  roleName,
  ssoSessionName,
  startUrl,
  tableName,
  workspaceName,
} from './schema-values.ts';

const valueForms: Readonly<Record<IntentValueKind, z.ZodType>> = {
  bucket: bucketName,
  iamUser: iamUserName,
  keyArn,
  organizationId,
  region,
  relativePath,
  repositoryName,
  role: roleName,
  shortName: ssoSessionName,
  startUrl,
  tableName,
  workspace: workspaceName,
};

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

const legacy = z.strictObject(
  {
    user: iamUserName.meta({ description: 'The IAM user whose key everything runs with.' }),
    account: maybe(accountName, 'Account of the user.'),
    roles: z
      .array(roleName, { error: 'a list of IAM roles' })
      .optional()
      .meta({ description: 'Roles that trust the user, in any account. Default: the one named like it.' }),
  },
  { error: 'a map with user, account and roles' },
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
            management_account: maybe(
              accountName,
              'Account that manages the organisation, where it is one of `accounts`.',
            ),
          },
          { error: 'a map with name, id and management_account' },
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
      permission_sets: permissionSets
        .nullable()
        .optional()
        .meta({ description: 'Permission sets of Identity Center.' }),
      groups: groups.nullable().optional().meta({ description: 'Groups of people.' }),
      people: people.nullable().optional().meta({ description: 'People who sign in, by user name.' }),
      assignments: assignments
        .nullable()
        .optional()
        .meta({ description: 'Who has which permission set in which account, and from when until when.' }),
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
      modules: z
        .array(moduleBucket, { error: 'a list of module buckets' })
        .nullable()
        .optional()
        .meta({ description: 'Buckets that Terraform modules are downloaded from.' }),
      github: github.nullable().optional().meta({ description: 'Pipelines on GitHub Actions.' }),
      hcp_terraform: hcpTerraform.nullable().optional().meta({ description: 'Workspaces of HCP Terraform.' }),
      legacy: legacy
        .nullable()
        .optional()
        .meta({ description: 'The way that is left behind: a shared IAM user with a key. Remove it when it is gone.' }),
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
  | 'iamUser'
  | 'keyArn'
  | 'organizationId'
  | 'region'
  | 'relativePath'
  | 'repositoryName'
  | 'role'
  | 'shortName'
  | 'startUrl'
  | 'tableName'
  | 'workspace';

/** The JSON Schema of keyless.yaml, as `schemas/keyless.schema.json` holds it. Draft 7: the one editors read best. */
export function renderIntentSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(intentFileSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ $schema, ...rest }, null, 2)}\n`;
}
