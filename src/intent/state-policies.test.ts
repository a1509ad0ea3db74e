import { describe, expect, it } from 'vitest';
import { KeylessError } from '../kernel/error.ts';
import { parseIntent } from './parse-intent.ts';
import {
  buildLockTableResourcePolicy,
  buildStateBucketPolicy,
  buildStateKeyPolicy,
  type PolicyDocument,
} from './state-policies.ts';

interface Options {
  readonly organizationId?: string;
  readonly kmsKeyId?: string;
  readonly lockTable?: string;
  readonly accounts?: number;
}

function policiesFor({ organizationId = '~', kmsKeyId = '~', lockTable = '~', accounts = 2 }: Options) {
  const ids = Array.from({ length: accounts }, (_, index) => String(111_111_111_111 + index));
  const intent = parseIntent(`version: 1
organization: { name: acme, id: ${organizationId} }
identity_center: { region: eu-west-1 }
accounts: { ${ids.map((id, index) => `a${index}: "${id}"`).join(', ')} }
state:
  - { bucket: acme-state, account: ${accounts === 0 ? '~' : 'a0'}, region: eu-west-1, kms_key_id: ${kmsKeyId}, lock_table: ${lockTable} }
`);
  const backend = intent.stateBackends[0];
  if (backend === undefined) throw new TypeError('no state in the file');
  return {
    bucket: buildStateBucketPolicy(intent, backend),
    table: buildLockTableResourcePolicy(intent, backend),
    key: buildStateKeyPolicy(intent, backend),
  };
}

function statement(policy: PolicyDocument | undefined, sid: string) {
  const found = policy?.Statement.find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new TypeError(`no statement ${sid}`);
  return found;
}

const key = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555';

describe('the policy of the state bucket', () => {
  it('trusts the organisation, narrowed to the roles that keyless.yaml names', () => {
    expect(statement(policiesFor({ organizationId: 'o-abcd123456' }).bucket, 'WriteState')).toEqual({
      Sid: 'WriteState',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::acme-state/*',
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' },
        ArnLike: {
          'aws:PrincipalArn': [
            'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_TerraformDeployer_*',
            'arn:aws:iam::111111111111:role/terraform-apply',
            'arn:aws:iam::111111111112:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_TerraformDeployer_*',
            'arn:aws:iam::111111111112:role/terraform-apply',
          ],
        },
      },
    });
  });

  it('trusts the accounts one by one where the organisation is not known, narrowed in the same way', () => {
    const { Principal, Condition } = statement(policiesFor({}).bucket, 'ReadState');
    expect(Principal).toEqual({ AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::111111111112:root'] });
    expect(Condition?.StringEquals).toBeUndefined();
    expect(Condition?.ArnLike?.['aws:PrincipalArn']).toHaveLength(8);
  });

  it.each([{}, { organizationId: 'o-abcd123456' }, { organizationId: 'o-abcd123456', accounts: 300 }])(
    'never lets an account in as a whole, nor holds a wildcard in a principal (%o)',
    (options) => {
      for (const { Effect, Principal, Condition } of policiesFor(options).bucket?.Statement ?? []) {
        if (Effect === 'Deny') continue;
        expect(Condition?.ArnLike?.['aws:PrincipalArn']).not.toHaveLength(0);
        if (Principal === '*') expect(Condition?.StringEquals).toEqual({ 'aws:PrincipalOrgID': 'o-abcd123456' });
        else expect(Principal.AWS.join()).not.toContain('*');
      }
    },
  );

  it('lets plan read and lock, and apply write; nobody may delete state', () => {
    const { bucket } = policiesFor({});
    const callersOf = (sid: string) => String(statement(bucket, sid).Condition?.ArnLike?.['aws:PrincipalArn']);
    for (const sid of ['ListState', 'ReadState', 'LockState']) expect(callersOf(sid)).toContain('terraform-plan');
    expect(callersOf('WriteState')).not.toContain('terraform-plan');
    const deleting = bucket?.Statement.filter(({ Action }) => String(Action).includes('Delete'));
    expect(deleting?.map(({ Resource }) => Resource)).toEqual(['arn:aws:s3:::acme-state/*.tflock']);
  });

  it('refuses plain HTTP', () => {
    expect(statement(policiesFor({}).bucket, 'DenyPlainHttp')).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('refuses a write that does not name the key, where there is one', () => {
    const { bucket } = policiesFor({ kmsKeyId: key });
    expect(statement(bucket, 'DenyPutWithoutKms').Condition).toEqual({
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
    });
    expect(statement(bucket, 'DenyPutWithOtherKey').Condition).toEqual({
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key },
    });
    expect(policiesFor({}).bucket?.Statement.filter(({ Effect }) => Effect === 'Deny')).toHaveLength(1);
  });

  it('falls back to role patterns for any account of the organisation when the accounts do not fit', () => {
    const { bucket } = policiesFor({ organizationId: 'o-abcd123456', accounts: 300 });
    expect(JSON.stringify(bucket).length).toBeLessThan(20_480);
    expect(statement(bucket, 'WriteState').Condition?.ArnLike?.['aws:PrincipalArn']).toEqual([
      'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_TerraformDeployer_*',
      'arn:aws:iam::*:role/terraform-apply',
    ]);
  });

  it('says so when they do not fit and the organisation is not known', () => {
    expect(() => policiesFor({ accounts: 300 })).toThrow(KeylessError);
    expect(() => policiesFor({ accounts: 300 })).toThrow(/for 300 accounts; AWS takes 20480/);
  });

  it('waits for the first account id', () => {
    expect(policiesFor({ accounts: 0 }).bucket).toBeUndefined();
  });
});

describe('the resource policy of the lock table', () => {
  it('lets the same roles lock', () => {
    expect(statement(policiesFor({ lockTable: 'locks' }).table, 'LockState')).toMatchObject({
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::111111111112:root'] },
      Action: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/locks',
    });
  });

  it('is none without a table', () => {
    expect(policiesFor({}).table).toBeUndefined();
  });
});

describe('the policy of the key', () => {
  it('lets the same roles decrypt, and make data keys for state and lock files', () => {
    const { key: policy } = policiesFor({ kmsKeyId: key });
    expect(policy?.Statement.map(({ Action }) => Action)).toEqual([
      ['kms:Decrypt', 'kms:DescribeKey'],
      'kms:GenerateDataKey',
    ]);
  });
});

describe('the old user of another account', () => {
  const policies = (account: string, stage: 'both' | 'new') => {
    const intent = parseIntent(`version: 1
organization: { name: acme }
identity_center: { region: eu-west-1 }
accounts: { tools: "111111111111", live: "111111111112" }
state: [{ bucket: acme-state, account: tools, region: eu-west-1, kms_key_id: "${key}", lock_table: locks }]
legacy: { user: team/deployment, account: ${account} }
`);
    const [backend] = intent.stateBackends;
    if (backend === undefined) throw new TypeError('no state in the file');
    return [
      buildStateBucketPolicy(intent, backend, stage),
      buildLockTableResourcePolicy(intent, backend, stage),
      buildStateKeyPolicy(intent, backend, stage),
    ].map((policy) => policy?.Statement.filter(({ Sid }) => Sid === 'OldUser').map(({ Principal }) => Principal));
  };
  const user = { AWS: ['arn:aws:iam::111111111112:user/team/deployment'] };

  it('stays in while the old way works, and not after that', () => {
    expect(policies('live', 'both')).toEqual([[user], [user], [user]]);
    expect(policies('live', 'new')).toEqual([[], [], []]);
  });

  it('is not named in its own account, where its own policies are enough', () => {
    expect(policies('tools', 'both')).toEqual([[], [], []]);
  });
});
