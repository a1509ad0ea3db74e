/** What must be true before each step, filled in from keyless.yaml: sentences with the command that shows it. */
import {
  buildStateBucketPolicy,
  buildStateKeyPolicy,
  type Intent,
  lockTableArn,
  oldUserAccess,
  type PolicyDocument,
  type StateBackend,
} from '../intent/index.ts';
import type { GateCondition } from './steps.ts';

export const gateConditions: Readonly<
  Record<
    'lockBoth' | 'identity' | 'lockReaders' | 'lockWriters' | 'lockTable' | 'retire',
    (intent: Intent) => readonly GateCondition[]
  >
> = {
  lockBoth: (intent) => [
    {
      text: 'Every Terraform that writes or reads this state is 1.10.1 or newer (OpenTofu 1.10): laptops, pipelines, Atlantis.',
      command: 'terraform version',
    },
    ...locked(intent).flatMap(({ lockTable, ...backend }) => [
      {
        text: `Whoever writes state may get, put and delete \`*.tflock\` in ${backend.bucket}.`,
        command: `aws s3api get-bucket-policy --bucket ${backend.bucket} --query Policy --output text`,
      },
      {
        text: `The table ${lockTable.name} has a resource policy for the callers of the other accounts (printed with the step): a table named by its ARN is not looked for in the caller's own account.`,
        command: `aws dynamodb get-resource-policy --resource-arn ${lockTableArn(intent, { ...backend, lockTable }) ?? '<arn of the table>'}`,
      },
    ]),
  ],
  identity: (intent) => [
    {
      text: `The permission sets ${intent.permissionSets.plan} and ${intent.permissionSets.apply} are assigned in every account, and a person has signed in with each.`,
      command: `aws sso login --sso-session ${intent.identityCenter.session}`,
    },
    {
      text: `The roles ${intent.pipelineRoles.plan} and ${intent.pipelineRoles.apply} exist in every account and trust exactly the jobs of the pipeline.`,
      command: `aws iam get-role --role-name ${intent.pipelineRoles.plan} --query Role.AssumeRolePolicyDocument`,
    },
    ...intent.stateBackends.flatMap((backend) => stateAccess(intent, backend)),
    ...[...(intent.github?.environments.keys() ?? [])].map((environment) => ({
      text: `The GitHub environment ${environment} has the role ARNs as variables.`,
      command: `gh variable list --env ${environment}${intent.github?.repository === undefined ? '' : ` --repo ${intent.github.repository}`}`,
    })),
  ],
  lockReaders: (intent) => [
    {
      text: 'Step 2 is merged, and every writer has applied at least once since: each state has been locked with a `.tflock`.',
    },
    ...locked(intent).map(({ bucket }) => ({
      text: `CloudTrail shows no PutItem on the lock table of ${bucket} without a PutObject of the matching .tflock before it.`,
    })),
  ],
  lockWriters: () => [
    {
      text: 'No terraform_remote_state names the table any more, in this repository or in any other that reads this state.',
      command: 'keyless audit --json',
    },
  ],
  lockTable: () => [
    {
      text: 'Every working copy and pipeline has run `terraform init -reconfigure` since step 5, and its plan was empty.',
    },
    { text: 'CloudTrail shows no call on the table for the quiet days the team agreed on.' },
  ],
  retire: (intent) => [
    { text: 'Every pipeline has had a green plan and a green apply with OIDC.' },
    {
      text: 'The old key has not been used since.',
      command: 'aws iam get-access-key-last-used --access-key-id <the key id that keyless audit names>',
    },
    ...intent.stateBackends.map((backend) => ({
      text: `The bucket policy of ${backend.bucket} refuses keys of IAM users, whoever is not on its list, and deletion of versions: it holds these statements.`,
      command: `aws s3api get-bucket-policy --bucket ${backend.bucket} --query Policy --output text`,
      ...withPolicy(buildStateBucketPolicy(intent, backend, 'new')),
    })),
  ],
};

function stateAccess(intent: Intent, backend: StateBackend): GateCondition[] {
  const bucket: GateCondition = {
    text: `The bucket policy of ${backend.bucket} lets those roles read and write state${oldUserAccess(intent, backend).bucket.length === 0 ? '' : ', and the old user of another account until its key is retired'}, and nobody else: it holds these statements.`,
    command: `aws s3api get-bucket-policy --bucket ${backend.bucket} --query Policy --output text`,
    ...withPolicy(buildStateBucketPolicy(intent, backend)),
  };
  const keyPolicy = buildStateKeyPolicy(intent, backend);
  if (keyPolicy === undefined || backend.kmsKeyId === undefined) return [bucket];
  const key: GateCondition = {
    text: `The policy of the key ${backend.kmsKeyId} lets those roles use it: it holds these statements.`,
    command: `aws kms get-key-policy --key-id ${backend.kmsKeyId} --query Policy --output text`,
    ...withPolicy(keyPolicy),
  };
  return [bucket, key];
}

function withPolicy(policy: PolicyDocument | undefined): Pick<GateCondition, 'policy'> {
  return policy === undefined ? {} : { policy: JSON.stringify(policy, null, 2) };
}

function locked(intent: Intent): (StateBackend & { readonly lockTable: NonNullable<StateBackend['lockTable']> })[] {
  return intent.stateBackends.flatMap((backend) =>
    backend.lockTable === undefined ? [] : [{ ...backend, lockTable: backend.lockTable }],
  );
}
