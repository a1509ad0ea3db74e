/** Ways to authenticate that an environment names without holding a key: profiles, web identity, container credentials. */
import { parseShellAssignments, type ShellAssignment } from '../../formats/shell/index.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { isEnvironment, isProcessEnvironment, subjectOfEnvironment } from '../pipelines/environment-file.ts';
import { accountOfRole, rolesIn } from '../role-arn.ts';

export const environmentProfile: Detector = defineDetector({
  id: 'environment-profile',
  title: 'An environment names how to get credentials',
  severity: 'medium',
  class: 'indirect',
  why: 'A profile is as good as what stands behind it. A token for a container endpoint, written into a file, opens that endpoint to every reader of the file.',
  fix: 'Check what the profile holds with keyless audit --home; never write AWS_CONTAINER_AUTHORIZATION_TOKEN into a file.',
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html',
  flagged: [
    { path: '.env', text: 'AWS_PROFILE=live\n' },
    {
      path: '<environment>/.env',
      text: 'AWS_ROLE_ARN=arn:aws:iam::111122223333:role/plan\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token\n',
    },
    {
      path: '.env',
      text: 'AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:9911/\nAWS_CONTAINER_AUTHORIZATION_TOKEN=a-token-in-a-file\n',
    },
  ],
  clean: [{ path: '.env', text: 'AWS_REGION=eu-west-1\n# AWS_PROFILE=live\n' }],
  detect(file, report) {
    if (!isEnvironment(file)) return;
    const set = new Map<string, ShellAssignment>();
    for (const assignment of parseShellAssignments(file.text, 'dotenv')) {
      if (!assignment.inComment && assignment.valueEnd > assignment.valueStart) set.set(assignment.name, assignment);
    }
    const subject = subjectOfEnvironment(file);
    const text = (assignment: ShellAssignment): string =>
      assignment.value ?? file.text.slice(assignment.valueStart, assignment.valueEnd);
    for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) {
      const assignment = set.get(name);
      if (assignment === undefined || text(assignment) === '') continue;
      report.method({
        at: assignment.nameStart,
        kind: 'environment-profile',
        class: 'indirect',
        usedBy: 'person',
        subject,
        detail: `${subject} sets ${name} to ${text(assignment)}.`,
        ...(name.endsWith('PROFILE') ? { credentialName: text(assignment) } : {}),
      });
    }
    const tokenFile = set.get('AWS_WEB_IDENTITY_TOKEN_FILE');
    if (tokenFile !== undefined) {
      const role = set.get('AWS_ROLE_ARN');
      const roleArns = role === undefined ? [] : rolesIn(text(role));
      const accountId = accountOfRole(roleArns[0]);
      report.method({
        at: tokenFile.nameStart,
        kind: 'environment-web-identity',
        class: 'dynamic',
        usedBy: 'person',
        subject,
        detail: `${subject} exchanges the token in ${text(tokenFile)} for ${role === undefined ? 'a role' : text(role)}.`,
        ...(roleArns.length === 0 ? {} : { roleArns }),
        ...(accountId === undefined ? {} : { accountId }),
      });
    }
    const container =
      set.get('AWS_CONTAINER_CREDENTIALS_FULL_URI') ?? set.get('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI');
    if (container === undefined) return;
    report.method({
      at: container.nameStart,
      kind: 'environment-container',
      class: 'dynamic',
      usedBy: 'person',
      subject,
      detail: `${subject} asks a credentials endpoint (${container.name}).`,
    });
    const token = set.get('AWS_CONTAINER_AUTHORIZATION_TOKEN');
    if (token?.literal && !isProcessEnvironment(file)) {
      report.finding({
        at: token.nameStart,
        usedBy: 'person',
        class: 'static',
        detail: `${subject} holds AWS_CONTAINER_AUTHORIZATION_TOKEN in clear.`,
      });
    }
  },
});
