/** Passwords for CodeCommit, Keyspaces or Bedrock that the code makes. */
import { type Detector, defineDetector } from '../detector.ts';
import { moduleCode } from '../terraform/module-code.ts';
import { addressOf, describeDependents, resourcesOfType } from '../terraform/resources.ts';

export const iamServiceSpecificCredential: Detector = defineDetector({
  id: 'iam-service-specific-credential',
  title: 'Service password made by the code',
  severity: 'high',
  class: 'static',
  why: 'The password is in the state in clear and valid until somebody resets it.',
  fix: 'Use the service with a role: git-remote-codecommit, the SigV4 plugin of Keyspaces, short-term Bedrock keys.',
  fixRule: 'retire-user',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_service_specific_credential',
  flagged: [
    {
      path: 'main.tf',
      text: 'resource "aws_iam_service_specific_credential" "git" {\n  service_name = "codecommit.amazonaws.com"\n  user_name    = "ci"\n}\n',
    },
  ],
  clean: [{ path: 'main.tf', text: 'resource "aws_codecommit_repository" "r" {\n  repository_name = "r"\n}\n' }],
  detect(file, report, repository) {
    const module = moduleCode(repository, file.directory);
    for (const credential of resourcesOfType(file, 'aws_iam_service_specific_credential')) {
      const subject = addressOf(credential);
      const detail = `${subject} makes a long-lived service password that stands in the state.`;
      report.finding({
        at: credential.start,
        identity: subject,
        usedBy: 'made-by-code',
        gated: true,
        detail: `${detail}${describeDependents(credential, module)}`,
      });
      report.method({
        at: credential.start,
        kind: 'iam-service-specific-credential',
        class: 'static',
        usedBy: 'made-by-code',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
