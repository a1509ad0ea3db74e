/** Keys in dotenv files and in the environment that keyless was started in. */
import { type Detector, defineDetector } from '../detector.ts';
import { isEnvironment, isProcessEnvironment, subjectOfEnvironment } from '../pipelines/environment-file.ts';
import { reportShellCredentials } from '../pipelines/shell-report.ts';

export const environmentStaticKey: Detector = defineDetector({
  id: 'environment-static-key',
  title: 'An environment file holds an access key',
  severity: 'high',
  class: 'static',
  why: 'Every program that loads the file gets a long-lived key, and a copy of it stays in every clone, image layer and backup.',
  fix: 'Remove the lines and log in with a profile of Identity Center; make the key inactive, it has to be taken as leaked once it was committed.',
  fixRule: 'scripts',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-users-federation-idp',
  flagged: [
    {
      path: '.env',
      text: 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\nAWS_REGION=eu-west-1\n',
    },
    { path: 'deploy/live.env', text: 'TF_VAR_access_key=$LIVE_KEY\nTF_VAR_secret_key=$LIVE_SECRET\n' },
    {
      path: '<environment>/.env',
      text: 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
  ],
  clean: [
    { path: '.env.example', text: 'AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=your-secret-key\n' },
    {
      path: '.env.test',
      text: 'AWS_ACCESS_KEY_ID=test\nAWS_SECRET_ACCESS_KEY=test\nAWS_ENDPOINT_URL=http://localhost:4566\n',
    },
    { path: '.env', text: '# AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_PROFILE=dev\nDJANGO_SECRET_KEY=x\n' },
    {
      path: '<environment>/.env',
      text: 'AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nAWS_SESSION_TOKEN=IQoJb3JpZ2luX2Vj\n',
    },
  ],
  detect(file, report) {
    if (!isEnvironment(file)) return;
    const subject = subjectOfEnvironment(file);
    reportShellCredentials(file, report, 'dotenv', {
      kind: 'environment-static-key',
      usedBy: 'person',
      subject,
      ...(isProcessEnvironment(file)
        ? {
            fix: 'Unset the variables and find what sets them: a shell profile, direnv or the tool that started this shell.',
          }
        : {}),
    });
  },
});
