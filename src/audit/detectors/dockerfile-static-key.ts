/** Keys in Dockerfiles: `ENV`, `ARG`, copied credentials files, and what `RUN` writes. */
import { type Detector, defineDetector } from '../detector.ts';
import { findShellCredentials } from '../pipelines/shell-credentials.ts';
import { reportShellCredentials } from '../pipelines/shell-report.ts';

export const dockerfileStaticKey: Detector = defineDetector({
  id: 'dockerfile-static-key',
  title: 'An image is built with an access key',
  severity: 'high',
  class: 'static',
  why: 'ENV is part of the image and ARG of its history: whoever can pull the image has the key, whatever a later layer deletes.',
  fix: 'Drop the lines. At run time the container takes a task or pod role; at build time mount a secret (RUN --mount=type=secret) or fetch outside the build.',
  source: 'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
  flagged: [
    {
      path: 'Dockerfile',
      text: `FROM hashicorp/terraform:1.11\nARG AWS_ACCESS_KEY_ID\nARG AWS_SECRET_ACCESS_KEY\nENV AWS_ACCESS_KEY_ID=\${AWS_ACCESS_KEY_ID} \\\n    AWS_SECRET_ACCESS_KEY=\${AWS_SECRET_ACCESS_KEY}\n`,
    },
    // A scanner that goes by the name of the variable takes this for an identifier.
    { path: 'app.dockerfile', text: 'FROM scratch\nENV aws_access_key_id=AKIAIOSFODNN7EXAMPLE\n' },
    { path: 'Dockerfile', text: 'FROM alpine\nENV AWS_ACCESS_KEY_ID AKIAIOSFODNN7EXAMPLE\n' },
    {
      path: 'Dockerfile',
      text: 'FROM alpine\nARG AWS_ACCESS_KEY_ID\nARG AWS_SECRET_ACCESS_KEY\nRUN aws s3 cp s3://b/k .\n',
    },
    { path: 'Dockerfile', text: 'FROM amazon/aws-cli\nCOPY .aws/credentials /root/.aws/credentials\n' },
    {
      path: 'Dockerfile',
      text: 'FROM alpine\nRUN aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE && \\\n    aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n',
    },
  ],
  clean: [
    {
      path: 'Dockerfile',
      text: 'FROM alpine\nENV AWS_REGION=eu-west-1\nRUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 ls\n',
    },
    {
      path: 'Dockerfile',
      text: 'FROM alpine\nENV AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test\n# ENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n',
    },
    {
      path: 'Dockerfile',
      text: 'FROM alpine\nARG AWS_ACCESS_KEY_ID\nARG AWS_SECRET_ACCESS_KEY\nARG AWS_SESSION_TOKEN\nRUN make\n',
    },
  ],
  detect(file, report) {
    if (file.format !== 'dockerfile') return;
    const subject = file.path.split('/').at(-1) ?? file.path;
    // An ARG that an ENV takes up is one place, the ENV.
    const kept = new Set(
      findShellCredentials(file.text, 'dockerfile').flatMap(({ form, name }) => (form === 'assignment' ? [name] : [])),
    );
    reportShellCredentials(
      file,
      report,
      'dockerfile',
      { kind: 'container-static-key', usedBy: 'application', subject },
      ({ form, name }) => form !== 'passed-on' || !kept.has(name),
    );
    for (const match of file.text.matchAll(/^[ \t]*(?:COPY|ADD)[ \t].*\.aws(?:\/(?:credentials)?)?[ \t/\]"]*.*$/gim)) {
      const detail = `${subject} copies the AWS credentials file into the image.`;
      report.finding({ at: match.index, usedBy: 'application', detail });
      report.method({
        at: match.index,
        kind: 'container-static-key',
        class: 'static',
        usedBy: 'application',
        subject,
        detail,
      });
    }
  },
});
