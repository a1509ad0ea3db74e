/** Keys in Azure Pipelines: service connections that hold them, variables, and scripts. */
import { type Detector, defineDetector } from '../detector.ts';
import { azureAwsTasks } from '../pipelines/azure-tasks.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import { reportUnseenCredentials, reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const azureStaticKey: Detector = defineDetector({
  id: 'azure-static-key',
  title: 'An Azure pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: 'An AWS service connection of the Terraform task stores a key, and the task writes it into access_key and secret_key of the backend, from where it is copied into .terraform and saved plans.',
  fix: 'Run terraform in a script below an AWS Toolkit connection with OIDC and a role ARN; then delete the connection that holds the key. Connections are changed in the project settings, not in the file.',
  source:
    'https://github.com/microsoft/azure-pipelines-terraform/blob/main/Tasks/TerraformTask/TerraformTaskV5/src/aws-terraform-command-handler.ts',
  flagged: [
    {
      path: 'azure-pipelines.yml',
      text: `steps:
  - task: TerraformTaskV4@4
    displayName: init
    inputs:
      provider: aws
      command: init
      workingDirectory: stacks/network
      backendServiceAWS: aws-live
      backendAWSBucketName: state
`,
    },
    {
      path: 'azure-pipelines.yml',
      text: `steps:
  - script: terraform plan
    env:
      AWS_ACCESS_KEY_ID: $(AWS_ACCESS_KEY_ID)
      AWS_SECRET_ACCESS_KEY: $(AWS_SECRET_ACCESS_KEY)
`,
    },
    {
      path: '.azure-pipelines/apply.yml',
      text: 'variables:\n  - name: AWS_ACCESS_KEY_ID\n    value: $(liveKey)\nsteps: [{ bash: terraform apply }]\n',
    },
  ],
  clean: [
    {
      path: 'azure-pipelines.yml',
      text: 'steps:\n  - task: TerraformTaskV4@4\n    inputs: { provider: azurerm, command: plan, environmentServiceNameAzureRM: azure }\n',
    },
    {
      path: 'azure-pipelines.yml',
      text: 'steps:\n  - task: AWSShellScript@1\n    inputs: { awsCredentials: aws-oidc, inlineScript: terraform plan }\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'azure') return;
    const count = reportYamlCredentials(file, report, { kind: 'azure-static-key', label: 'Azure Pipelines' });
    const tasks = azureAwsTasks(file);
    for (const task of tasks) {
      if (task.takes !== 'key') continue;
      const detail = `task ${task.task} takes a key from the service connection ${task.connection}.`;
      report.finding({ at: task.at, usedBy: 'pipeline', detail });
      report.method({
        at: task.at,
        kind: 'azure-static-key',
        class: 'static',
        usedBy: 'pipeline',
        subject: `task ${task.task}`,
        detail,
        credentialName: task.connection,
        ...(task.directory === undefined ? {} : { stack: task.directory }),
      });
    }
    if (count + tasks.length > 0 || /assume-role|AWS_PROFILE|azurerm|ARM_CLIENT_ID|google/i.test(file.text)) return;
    reportUnseenCredentials(file, report, 'azure-static-key', 'Azure Pipelines', 'a variable group or the agent');
  },
});
