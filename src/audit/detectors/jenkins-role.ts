/** Roles that a Jenkins agent assumes with the identity of its own machine. */
import { type Detector, defineDetector } from '../detector.ts';
import { findJenkinsRoles, isJenkinsfile } from '../pipelines/jenkinsfile.ts';
import { rolesIn } from '../role-arn.ts';

export const jenkinsRole: Detector = defineDetector({
  id: 'jenkins-role',
  title: 'A Jenkins pipeline assumes a role',
  severity: 'info',
  class: 'indirect',
  why: 'withAWS without credentials starts from what the agent has: an instance or pod role is fine, a key in its environment is not.',
  fix: 'Make sure that agents have a role and no key in their environment or home folder.',
  source: 'https://www.jenkins.io/doc/pipeline/steps/pipeline-aws/',
  flagged: [
    {
      path: 'Jenkinsfile',
      text: "node {\n  withAWS(role: 'deploy', roleAccount: '111122223333') { sh 'terraform plan' }\n}\n",
    },
  ],
  clean: [{ path: 'Jenkinsfile', text: "node {\n  withAWS(credentials: 'deployment') { sh 'terraform plan' }\n}\n" }],
  detect(file, report) {
    if (!isJenkinsfile(file.path, file.format)) return;
    for (const { at, role, account } of findJenkinsRoles(file.text)) {
      const known = account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
      const roleArns = rolesIn(role);
      report.method({
        at,
        kind: 'jenkins-role',
        class: 'indirect',
        usedBy: 'pipeline',
        subject: 'withAWS',
        detail: `withAWS assumes the role ${role}${known === undefined ? '' : ` of account ${known}`} with the identity of the agent.`,
        ...(roleArns.length === 0 ? {} : { roleArns }),
        ...(known === undefined ? {} : { accountId: known }),
      });
    }
  },
});
