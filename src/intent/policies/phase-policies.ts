/**
 * What a session may do: in plan look at everything and lock state, in apply change the workload and write state, in
 * publish upload modules. The same document is the inline policy of the permission set and of the pipeline's role, so
 * that a person and a run of one phase can do the same.
 */
import { formatArn } from '../../aws/arn.ts';
import type { Partition } from '../../aws/partition.ts';
import { lockTableArn } from '../derived.ts';
import type { Intent, PermissionSet, Phase, PipelinePhase, StateBackend } from '../intent.ts';
import { document, type IdentityStatement, type PolicyDocument, withinSize } from './document.ts';
import { guardrails } from './guardrails.ts';

/** What hangs on a permission set or a role. */
export interface Permissions {
  /** ARNs of policies that AWS manages. */
  readonly managedPolicies: readonly string[];
  readonly inline: PolicyDocument<IdentityStatement> | undefined;
}

/** Longest session of a pipeline's role, in seconds: an apply that waits for a database takes longer than an hour. */
export const pipelineSessionSeconds = 14_400;

/** Everything may be read that says what there is, and no secret: refresh needs that. */
const readingPolicy = 'ReadOnlyAccess';

/**
 * Services whose resources an apply makes and changes. IAM stands apart. The eight domains of a Terraform team:
 * core, storage, compute, networking, database, serverless, monitoring here, IAM in `rolesOfTheWorkload`.
 */
const workloadServices: readonly string[] = [
  ...['kms', 'secretsmanager', 'ssm', 'tag', 'resource-groups', 'acm'],
  ...['s3', 'ebs', 'elasticfilesystem', 'backup'],
  ...['ec2', 'autoscaling', 'application-autoscaling', 'ecs', 'ecr', 'servicediscovery'],
  ...['elasticloadbalancing', 'route53', 'cloudfront', 'wafv2', 'network-firewall'],
  ...['rds', 'dynamodb', 'elasticache', 'redshift'],
  ...['lambda', 'apigateway', 'events', 'scheduler', 'states', 'sqs', 'sns', 'ses'],
  ...['cloudwatch', 'logs', 'xray'],
];

/** Permissions of the role that a pipeline takes. */
export function buildPipelinePermissions(intent: Intent, phase: PipelinePhase): Permissions {
  if (phase !== 'publish')
    return {
      managedPolicies: [managedPolicyArn(intent.partition, readingPolicy)],
      inline: buildPhasePolicy(intent, phase),
    };
  return { managedPolicies: [], inline: publishing(intent) };
}

/** Permissions of a permission set. */
export function buildPermissionSet(intent: Intent, set: PermissionSet): Permissions {
  const names = set.allows === undefined ? set.managedPolicies : [readingPolicy, ...set.managedPolicies];
  return {
    managedPolicies: [...new Set(names)].map((name) => managedPolicyArn(intent.partition, name)),
    inline: set.allows === undefined ? undefined : buildPhasePolicy(intent, set.allows),
  };
}

/** The inline policy of a phase. Throws CONFIG_INVALID when there are more state buckets than it has room for. */
export function buildPhasePolicy(intent: Intent, phase: Phase): PolicyDocument<IdentityStatement> {
  const statements = [
    ...intent.stateBackends.flatMap((backend, index) => stateStatements(intent, backend, phase, index)),
    ...moduleDownloads(intent),
    ...(phase === 'apply' ? [workload, ...rolesOfTheWorkload(intent)] : []),
    ...guardrails(intent),
  ];
  return withinSize(
    document(statements),
    'inline-permission-set',
    `the inline policy of ${intent.permissionSets[phase]}`,
    'keep the state of fewer buckets in one keyless.yaml',
  );
}

/** ARN of a policy that AWS manages, by its name. */
export function managedPolicyArn(partition: Partition, name: string): string {
  return formatArn({ partition, service: 'iam', region: '', account: 'aws', resource: `policy/${name}` });
}

/** A role of another account reaches the bucket only where its own policy and that of the bucket both say so. */
function stateStatements(intent: Intent, backend: StateBackend, phase: Phase, index: number): IdentityStatement[] {
  const bucket = bucketArn(intent, backend.bucket);
  const numbered = (sid: string) => (intent.stateBackends.length === 1 ? sid : `${sid}${index + 1}`);
  const allow = (sid: string, action: string | readonly string[], resource: string): IdentityStatement => ({
    Sid: numbered(sid),
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  });
  const table = lockTableArn(intent, backend);
  return [
    allow('ListState', 's3:ListBucket', bucket),
    allow('ReadState', 's3:GetObject', `${bucket}/*`),
    allow('LockState', ['s3:PutObject', 's3:DeleteObject'], `${bucket}/*.tflock`),
    ...(phase === 'apply' ? [allow('WriteState', 's3:PutObject', `${bucket}/*`)] : []),
    ...(backend.kmsKeyId === undefined ? [] : [keyUse(numbered('UseStateKey'), backend.kmsKeyId)]),
    ...(table === undefined
      ? []
      : [
          allow(
            'LockStateInTable',
            ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
            table,
          ),
        ]),
  ];
}

/** IAM does not resolve an alias in `Resource`; `kms:ResourceAliases` names it instead. */
function keyUse(sid: string, keyArn: string): IdentityStatement {
  const alias = /:(alias\/.+)$/.exec(keyArn)?.[1];
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    Resource: alias === undefined ? keyArn : keyArn.replace(/:alias\/.+$/, ':key/*'),
    ...(alias !== undefined && { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } } }),
  };
}

function moduleDownloads(intent: Intent): IdentityStatement[] {
  if (intent.moduleBuckets.length === 0) return [];
  const buckets = intent.moduleBuckets.map(({ bucket }) => bucketArn(intent, bucket));
  return [
    {
      Sid: 'DownloadModules',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:ListBucket'],
      Resource: [...buckets, ...buckets.map((bucket) => `${bucket}/*`)],
    },
  ];
}

const workload: IdentityStatement = {
  Sid: 'Workload',
  Effect: 'Allow',
  Action: workloadServices.map((service) => `${service}:*`),
  Resource: '*',
};

/** Roles and policies of the workload; those that keyless and AWS own are denied in the guardrails. */
function rolesOfTheWorkload({ partition }: Intent): IdentityStatement[] {
  const arn = (resource: string) => formatArn({ partition, service: 'iam', region: '', account: '*', resource });
  return [
    {
      Sid: 'WorkloadRoles',
      Effect: 'Allow',
      Action: [
        'iam:*Role',
        'iam:*RolePolicy',
        'iam:UpdateRoleDescription',
        'iam:UpdateAssumeRolePolicy',
        'iam:*InstanceProfile',
        'iam:*Policy',
        'iam:*PolicyVersion',
        'iam:Tag*',
        'iam:Untag*',
      ],
      Resource: [arn('role/*'), arn('policy/*'), arn('instance-profile/*')],
    },
    { Sid: 'ServiceLinkedRoles', Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*' },
    // What is left of the old way is taken away by an apply, and never made again: see the guardrails.
    {
      Sid: 'RetireUsers',
      Effect: 'Allow',
      Action: ['iam:DeleteAccessKey', 'iam:DetachUserPolicy', 'iam:DeleteUserPolicy', 'iam:DeleteUser'],
      Resource: arn('user/*'),
    },
  ];
}

function publishing(intent: Intent): PolicyDocument<IdentityStatement> | undefined {
  if (intent.moduleBuckets.length === 0) return undefined;
  const buckets = intent.moduleBuckets.map(({ bucket }) => bucketArn(intent, bucket));
  return document<IdentityStatement>([
    { Sid: 'ListModules', Effect: 'Allow', Action: 's3:ListBucket', Resource: buckets },
    {
      Sid: 'PublishModules',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: buckets.map((bucket) => `${bucket}/*`),
    },
  ]);
}

export function bucketArn({ partition }: Intent, bucket: string): string {
  return formatArn({ partition, service: 's3', region: '', account: '', resource: bucket });
}
