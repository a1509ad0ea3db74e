/** AWS keys in the environment of workloads that Terraform makes. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { keyAssignments } from '../terraform/environment-assignments.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { addressOf, resourcesOfType } from '../terraform/resources.ts';
import { valueSources } from '../terraform/value-source.ts';

export const workloadStaticKey: Detector = defineDetector({
  id: 'workload-static-key',
  title: 'Workload is given an AWS key',
  severity: 'high',
  class: 'static',
  why: 'The key is in the state, in the plan and in the console; AWS hands such workloads the credentials of a role by itself.',
  fix: 'Give the workload a role (execution role, task role, service role, pod identity) and drop the variables. A person has to do it: the program may name its key.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n      AWS_ACCESS_KEY_ID     = aws_iam_access_key.f.id\n      AWS_SECRET_ACCESS_KEY = aws_iam_access_key.f.secret\n    }\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_ecs_task_definition" "t" {\n  container_definitions = jsonencode([{\n    name        = "app"\n    environment = [{ name = "AWS_ACCESS_KEY_ID", value = var.key }]\n  }])\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "aws_codebuild_project" "b" {\n  environment {\n    environment_variable {\n      name  = "AWS_SECRET_ACCESS_KEY"\n      value = var.secret\n    }\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'resource "kubernetes_secret" "s" {\n  data = {\n    AWS_ACCESS_KEY_ID = var.key\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'resource "aws_lambda_function" "f" {\n  environment {\n    variables = { TABLE = "t" }\n  }\n}\n',
    },
    { path: 'main.tf', text: 'resource "aws_instance" "i" {\n  tags = { Name = "access-key-rotator" }\n}\n' },
  ],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const block of resourcesOfType(file, ...workloads)) {
      const assignments = keyAssignments(block.settings);
      const [first] = assignments;
      if (first === undefined) continue;
      const subject = addressOf(block);
      const slot = `${file.path}#workload@${block.start}`;
      for (const { part, at, value } of assignments) {
        for (const source of valueSources(value, module)) report.use({ at, slot, part, source });
      }
      const given = assignments.map(({ name, value }) => `${name} ${describeOrigin(value, file.text)}`).join(', ');
      const detail = `${subject} is given ${given}.`;
      reportPlace(report, {
        at: first.at,
        kind: 'container-static-key',
        class: 'static',
        usedBy: 'application',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});

const workloads = [
  'aws_amplify_app',
  'aws_apprunner_service',
  'aws_batch_job_definition',
  'aws_codebuild_project',
  'aws_ecs_task_definition',
  'aws_elastic_beanstalk_environment',
  'aws_glue_job',
  'aws_lambda_function',
  'aws_sagemaker_model',
  'docker_container',
  'helm_release',
  'heroku_config',
  'kubernetes_config_map',
  'kubernetes_config_map_v1',
  'kubernetes_deployment',
  'kubernetes_deployment_v1',
  'kubernetes_secret',
  'kubernetes_secret_v1',
  'nomad_job',
];
