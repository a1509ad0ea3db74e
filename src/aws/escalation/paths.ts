/**
 * Known ways from some permissions to more, each as the actions that it takes and on what. The facts (which actions make a
 * path, under which id) are those of DataDog's pathfinding.cloud, data/paths at commit 84dd65c, in a table of our own.
 * https://pathfinding.cloud
 */

export interface EscalationPath {
  /** As in the public catalogue. */
  readonly id: string;
  /** What the caller becomes: itself with other policies, a role, a user, or the role of something that runs already. */
  readonly gains: 'self' | 'role' | 'user' | 'workload';
  /** All must be allowed; steps on a role (or a user) are on the same one. */
  readonly steps: readonly EscalationStep[];
  /** Services that the role can be passed to, one of which is enough. */
  readonly passedTo?: readonly string[];
}

export interface EscalationStep {
  readonly action: string;
  /** Left out: a resource of the action's service. */
  readonly on?: EscalationTarget;
}

export type EscalationTarget =
  | 'role'
  | 'user'
  | 'group'
  | 'policy'
  | 'own role'
  | 'own user'
  | 'own group'
  | 'own policy';

export const escalationPaths: readonly EscalationPath[] = [
  {
    id: 'apprunner-001',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'apprunner:CreateService' }],
    passedTo: ['tasks.apprunner.amazonaws.com'],
  },
  { id: 'apprunner-002', gains: 'workload', steps: [{ action: 'apprunner:UpdateService' }] },
  {
    id: 'bedrock-001',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'bedrock-agentcore:CreateCodeInterpreter' },
      { action: 'bedrock-agentcore:StartCodeInterpreterSession' },
      { action: 'bedrock-agentcore:InvokeCodeInterpreter' },
    ],
    passedTo: ['bedrock-agentcore.amazonaws.com'],
  },
  {
    id: 'bedrock-002',
    gains: 'workload',
    steps: [
      { action: 'bedrock-agentcore:StartCodeInterpreterSession' },
      { action: 'bedrock-agentcore:InvokeCodeInterpreter' },
    ],
  },
  {
    id: 'cloudformation-001',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'cloudformation:CreateStack' }],
    passedTo: ['cloudformation.amazonaws.com'],
  },
  { id: 'cloudformation-002', gains: 'workload', steps: [{ action: 'cloudformation:UpdateStack' }] },
  {
    id: 'cloudformation-003',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'cloudformation:CreateStackSet' },
      { action: 'cloudformation:CreateStackInstances' },
    ],
    passedTo: ['cloudformation.amazonaws.com'],
  },
  {
    id: 'cloudformation-004',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'cloudformation:UpdateStackSet' }],
    passedTo: ['cloudformation.amazonaws.com'],
  },
  {
    id: 'cloudformation-005',
    gains: 'workload',
    steps: [{ action: 'cloudformation:CreateChangeSet' }, { action: 'cloudformation:ExecuteChangeSet' }],
  },
  {
    id: 'codebuild-001',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'codebuild:CreateProject' },
      { action: 'codebuild:StartBuild' },
    ],
    passedTo: ['codebuild.amazonaws.com'],
  },
  { id: 'codebuild-002', gains: 'workload', steps: [{ action: 'codebuild:StartBuild' }] },
  { id: 'codebuild-003', gains: 'workload', steps: [{ action: 'codebuild:StartBuildBatch' }] },
  {
    id: 'codebuild-004',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'codebuild:CreateProject' },
      { action: 'codebuild:StartBuildBatch' },
    ],
    passedTo: ['codebuild.amazonaws.com'],
  },
  {
    id: 'datapipeline-001',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'datapipeline:CreatePipeline' },
      { action: 'datapipeline:PutPipelineDefinition' },
      { action: 'datapipeline:ActivatePipeline' },
    ],
    passedTo: ['datapipeline.amazonaws.com', 'elasticmapreduce.amazonaws.com'],
  },
  {
    id: 'ec2-001',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'ec2:RunInstances' }],
    passedTo: ['ec2.amazonaws.com'],
  },
  {
    id: 'ec2-002',
    gains: 'workload',
    steps: [
      { action: 'ec2:ModifyInstanceAttribute' },
      { action: 'ec2:StopInstances' },
      { action: 'ec2:StartInstances' },
    ],
  },
  {
    id: 'ec2-003',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'ec2:RequestSpotInstances' }],
    passedTo: ['ec2.amazonaws.com'],
  },
  {
    id: 'ec2-004',
    gains: 'workload',
    steps: [{ action: 'ec2:CreateLaunchTemplateVersion' }, { action: 'ec2:ModifyLaunchTemplate' }],
  },
  {
    id: 'ec2instanceconnect-003',
    gains: 'workload',
    steps: [{ action: 'ec2-instance-connect:SendSSHPublicKey' }, { action: 'ec2:DescribeInstances' }],
  },
  {
    id: 'ecs-001',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'ecs:CreateCluster' },
      { action: 'ecs:RegisterTaskDefinition' },
      { action: 'ecs:CreateService' },
    ],
    passedTo: ['ecs-tasks.amazonaws.com'],
  },
  {
    id: 'ecs-002',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'ecs:CreateCluster' },
      { action: 'ecs:RegisterTaskDefinition' },
      { action: 'ecs:RunTask' },
    ],
    passedTo: ['ecs-tasks.amazonaws.com'],
  },
  {
    id: 'ecs-003',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'ecs:RegisterTaskDefinition' },
      { action: 'ecs:CreateService' },
    ],
    passedTo: ['ecs-tasks.amazonaws.com'],
  },
  {
    id: 'ecs-004',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'ecs:RegisterTaskDefinition' },
      { action: 'ecs:RunTask' },
    ],
    passedTo: ['ecs-tasks.amazonaws.com'],
  },
  {
    id: 'ecs-005',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'ecs:RegisterTaskDefinition' },
      { action: 'ecs:StartTask' },
    ],
    passedTo: ['ecs-tasks.amazonaws.com'],
  },
  {
    id: 'glue-001',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'glue:CreateDevEndpoint' }],
    passedTo: ['glue.amazonaws.com'],
  },
  { id: 'glue-002', gains: 'workload', steps: [{ action: 'glue:UpdateDevEndpoint' }] },
  {
    id: 'glue-003',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'glue:CreateJob' }, { action: 'glue:StartJobRun' }],
    passedTo: ['glue.amazonaws.com'],
  },
  {
    id: 'glue-004',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'glue:CreateJob' }, { action: 'glue:CreateTrigger' }],
    passedTo: ['glue.amazonaws.com'],
  },
  {
    id: 'glue-005',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'glue:UpdateJob' }, { action: 'glue:StartJobRun' }],
    passedTo: ['glue.amazonaws.com'],
  },
  {
    id: 'glue-006',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'glue:UpdateJob' }, { action: 'glue:CreateTrigger' }],
    passedTo: ['glue.amazonaws.com'],
  },
  { id: 'iam-001', gains: 'self', steps: [{ action: 'iam:CreatePolicyVersion', on: 'own policy' }] },
  { id: 'iam-002', gains: 'user', steps: [{ action: 'iam:CreateAccessKey', on: 'user' }] },
  {
    id: 'iam-003',
    gains: 'user',
    steps: [
      { action: 'iam:CreateAccessKey', on: 'user' },
      { action: 'iam:DeleteAccessKey', on: 'user' },
    ],
  },
  { id: 'iam-004', gains: 'user', steps: [{ action: 'iam:CreateLoginProfile', on: 'user' }] },
  { id: 'iam-005', gains: 'self', steps: [{ action: 'iam:PutRolePolicy', on: 'own role' }] },
  { id: 'iam-006', gains: 'user', steps: [{ action: 'iam:UpdateLoginProfile', on: 'user' }] },
  { id: 'iam-007', gains: 'self', steps: [{ action: 'iam:PutUserPolicy', on: 'own user' }] },
  { id: 'iam-008', gains: 'self', steps: [{ action: 'iam:AttachUserPolicy', on: 'own user' }] },
  { id: 'iam-009', gains: 'self', steps: [{ action: 'iam:AttachRolePolicy', on: 'own role' }] },
  { id: 'iam-010', gains: 'self', steps: [{ action: 'iam:AttachGroupPolicy', on: 'own group' }] },
  { id: 'iam-011', gains: 'self', steps: [{ action: 'iam:PutGroupPolicy', on: 'own group' }] },
  { id: 'iam-012', gains: 'role', steps: [{ action: 'iam:UpdateAssumeRolePolicy', on: 'role' }] },
  { id: 'iam-013', gains: 'self', steps: [{ action: 'iam:AddUserToGroup', on: 'group' }] },
  {
    id: 'iam-014',
    gains: 'role',
    steps: [
      { action: 'iam:AttachRolePolicy', on: 'role' },
      { action: 'sts:AssumeRole', on: 'role' },
    ],
  },
  {
    id: 'iam-015',
    gains: 'user',
    steps: [
      { action: 'iam:AttachUserPolicy', on: 'user' },
      { action: 'iam:CreateAccessKey', on: 'user' },
    ],
  },
  {
    id: 'iam-016',
    gains: 'role',
    steps: [
      { action: 'iam:CreatePolicyVersion', on: 'policy' },
      { action: 'sts:AssumeRole', on: 'role' },
    ],
  },
  {
    id: 'iam-017',
    gains: 'role',
    steps: [
      { action: 'iam:PutRolePolicy', on: 'role' },
      { action: 'sts:AssumeRole', on: 'role' },
    ],
  },
  {
    id: 'iam-018',
    gains: 'user',
    steps: [
      { action: 'iam:PutUserPolicy', on: 'user' },
      { action: 'iam:CreateAccessKey', on: 'user' },
    ],
  },
  {
    id: 'iam-019',
    gains: 'role',
    steps: [
      { action: 'iam:AttachRolePolicy', on: 'role' },
      { action: 'iam:UpdateAssumeRolePolicy', on: 'role' },
    ],
  },
  {
    id: 'iam-020',
    gains: 'role',
    steps: [
      { action: 'iam:CreatePolicyVersion', on: 'policy' },
      { action: 'iam:UpdateAssumeRolePolicy', on: 'role' },
    ],
  },
  {
    id: 'iam-021',
    gains: 'role',
    steps: [
      { action: 'iam:PutRolePolicy', on: 'role' },
      { action: 'iam:UpdateAssumeRolePolicy', on: 'role' },
    ],
  },
  {
    id: 'lambda-001',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'lambda:CreateFunction' },
      { action: 'lambda:InvokeFunction' },
    ],
    passedTo: ['lambda.amazonaws.com'],
  },
  {
    id: 'lambda-002',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'lambda:CreateFunction' },
      { action: 'lambda:CreateEventSourceMapping' },
    ],
    passedTo: ['lambda.amazonaws.com'],
  },
  { id: 'lambda-003', gains: 'workload', steps: [{ action: 'lambda:UpdateFunctionCode' }] },
  {
    id: 'lambda-004',
    gains: 'workload',
    steps: [{ action: 'lambda:UpdateFunctionCode' }, { action: 'lambda:InvokeFunction' }],
  },
  {
    id: 'lambda-005',
    gains: 'workload',
    steps: [{ action: 'lambda:UpdateFunctionCode' }, { action: 'lambda:AddPermission' }],
  },
  {
    id: 'lambda-006',
    gains: 'role',
    steps: [
      { action: 'iam:PassRole', on: 'role' },
      { action: 'lambda:CreateFunction' },
      { action: 'lambda:AddPermission' },
    ],
    passedTo: ['lambda.amazonaws.com'],
  },
  {
    id: 'sagemaker-001',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'sagemaker:CreateNotebookInstance' }],
    passedTo: ['sagemaker.amazonaws.com'],
  },
  {
    id: 'sagemaker-002',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'sagemaker:CreateTrainingJob' }],
    passedTo: ['sagemaker.amazonaws.com'],
  },
  {
    id: 'sagemaker-003',
    gains: 'role',
    steps: [{ action: 'iam:PassRole', on: 'role' }, { action: 'sagemaker:CreateProcessingJob' }],
    passedTo: ['sagemaker.amazonaws.com'],
  },
  { id: 'sagemaker-004', gains: 'workload', steps: [{ action: 'sagemaker:CreatePresignedNotebookInstanceUrl' }] },
  {
    id: 'sagemaker-005',
    gains: 'workload',
    steps: [
      { action: 'sagemaker:CreateNotebookInstanceLifecycleConfig' },
      { action: 'sagemaker:StopNotebookInstance' },
      { action: 'sagemaker:UpdateNotebookInstance' },
      { action: 'sagemaker:StartNotebookInstance' },
    ],
  },
  { id: 'ssm-001', gains: 'workload', steps: [{ action: 'ssm:StartSession' }] },
  { id: 'ssm-002', gains: 'workload', steps: [{ action: 'ssm:SendCommand' }] },
  { id: 'sts-001', gains: 'role', steps: [{ action: 'sts:AssumeRole', on: 'role' }] },
];
