/** The part of keyless.yaml about buckets: where the state is and who reads and writes which of it, and where modules are. */
import { z } from 'zod';
import type { ModuleBucketEntry, StateEntry } from './intent-file.ts';
import { accountList, permissionSetList, phaseList, timeWindow } from './schema-identity.ts';
import {
  accountName,
  bucketName,
  keyArn,
  maybe,
  region,
  ssoSessionName,
  stateKey,
  tableName,
} from './schema-values.ts';

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

const stateRule = z.strictObject(
  {
    phases: phaseList.optional().meta({ description: 'Sessions of these phases: of people and of pipelines.' }),
    permission_sets: permissionSetList
      .optional()
      .meta({ description: 'Sessions of people with these permission sets.' }),
    accounts: accountList.optional().meta({ description: 'From these accounts. Default: from all.' }),
    keys: z
      .array(stateKey, { error: 'a list of state keys' })
      .min(1, { error: 'a list of state keys' })
      .optional()
      .meta({ description: 'Keys in the bucket, * for any characters: env:/live/network/*. Default: all.' }),
  },
  { error: 'a map with phases or permission_sets, accounts and keys' },
);

export const stateBackend: z.ZodType<StateEntry> = z.strictObject(
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
    require_encryption: z
      .boolean({ error: 'true or false' })
      .optional()
      .meta({ description: 'The bucket refuses a write that names no encryption. Always so with kms_key_id.' }),
    readers: z
      .array(stateRule, { error: 'a list of who reads which state' })
      .optional()
      .meta({ description: 'Who reads which state. Default: plan and apply of every account read all of it.' }),
    writers: z
      .array(stateRule, { error: 'a list of who writes which state' })
      .optional()
      .meta({ description: 'Who writes which state, and reads it. Default: apply of every account writes all of it.' }),
    window: maybe(timeWindow, 'Outside it the bucket refuses everybody.'),
  },
  { error: 'a map that describes one state bucket' },
);

export const moduleBucket: z.ZodType<ModuleBucketEntry> = z.strictObject(
  {
    bucket: bucketName.meta({ description: 'The bucket that holds module archives.' }),
    account: maybe(accountName, 'Account that owns the bucket.'),
    region: maybe(region, 'Region of the bucket.'),
  },
  { error: 'a map with bucket, account and region' },
);
