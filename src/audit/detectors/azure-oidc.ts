/** Tasks of the AWS Toolkit for Azure DevOps: their service connection holds a key or, by its own setting, takes a role by OIDC. */
import { type Detector, defineDetector } from '../detector.ts';
import { azureAwsTasks } from '../pipelines/azure-tasks.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';

export const azureOidc: Detector = defineDetector({
  id: 'azure-oidc',
  title: 'An Azure task uses an AWS service connection',
  severity: 'low',
  class: 'indirect',
  why: 'Whether the connection holds a long-lived key or exchanges an OIDC token is a setting of the project that no file shows.',
  fix: 'Open the service connection in the project settings: "Use OIDC" with a role ARN should be on and the key fields empty.',
  source: 'https://docs.aws.amazon.com/vsts/latest/userguide/getting-started.html',
  flagged: [
    {
      path: 'azure-pipelines.yml',
      text: 'steps:\n  - task: AWSShellScript@1\n    inputs: { awsCredentials: aws-live, regionName: eu-west-1, inlineScript: terraform plan }\n',
    },
  ],
  clean: [{ path: 'azure-pipelines.yml', text: 'steps:\n  - task: Npm@1\n    inputs: { command: ci }\n' }],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'azure') return;
    for (const task of azureAwsTasks(file)) {
      if (task.takes !== 'connection') continue;
      const detail = `task ${task.task} uses the service connection ${task.connection}.`;
      report.finding({ at: task.at, usedBy: 'pipeline', detail });
      report.method({
        at: task.at,
        kind: 'azure-oidc',
        class: 'indirect',
        usedBy: 'pipeline',
        subject: `task ${task.task}`,
        detail,
        credentialName: task.connection,
      });
    }
  },
});
