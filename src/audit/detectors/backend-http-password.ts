/** Passwords of the HTTP backend (GitLab's state store among others). */
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { blocksOfType } from '../terraform/configuration-block.ts';
import { plainString } from '../terraform/expression.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const backendHttpPassword: Detector = defineDetector({
  id: 'backend-http-password',
  title: 'HTTP backend holds a password',
  severity: 'high',
  class: 'static',
  why: 'The password opens the state, which holds every secret that Terraform manages, and is copied into .terraform and saved plans.',
  fix: 'Remove password and set TF_HTTP_PASSWORD; in GitLab CI that is the job token.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/http',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "http" {\n    username = "terraform"\n    password = "correct horse battery staple"\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "http" {\n    address = "https://gitlab.example.com/state"\n  }\n}\n',
    },
  ],
  detect(file, report) {
    for (const block of blocksOfType(file, 'terraform')) {
      for (const settings of block.settings.labelled('backend', 'http')) {
        const password = settings.get('password');
        if (password === undefined || plainString(password.value) === '') continue;
        const detail = `backend "http" takes its password ${describeOrigin(password.value, file.text)}.`;
        reportPlace(report, {
          at: password.start,
          kind: 'backend-http-password',
          class: 'static',
          usedBy: 'terraform',
          subject: 'backend "http"',
          stack: file.directory,
          detail,
        });
      }
    }
  },
});
