/** Keys in Jenkins pipelines: `withAWS(credentials:)`, credential bindings, `environment`, and shell steps. */
import { reportStaticSlot } from '../credential-slot.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { findJenkinsKeys, isJenkinsfile } from '../pipelines/jenkinsfile.ts';
import { findTerraformRuns } from '../pipelines/terraform-runs.ts';

export const jenkinsStaticKey: Detector = defineDetector({
  id: 'jenkins-static-key',
  title: 'A Jenkins pipeline uses an access key',
  severity: 'high',
  class: 'static',
  why: "The key lies in Jenkins' credentials store, encrypted with a key on the same disk, and every job of the folder can bind it.",
  fix: 'Run agents with an instance or pod role and use withAWS(role: …), or exchange an OIDC token of the OpenID Connect Provider plugin; then delete the stored key.',
  source: 'https://plugins.jenkins.io/aws-credentials/',
  flagged: [
    {
      path: 'Jenkinsfile',
      text: `pipeline {
  agent any
  environment {
    AWS_ACCESS_KEY_ID     = credentials('aws-access-key')
    AWS_SECRET_ACCESS_KEY = credentials('aws-secret-key')
  }
  stages { stage('plan') { steps { dir('stacks/db') { sh 'terraform plan' } } } }
}
`,
    },
    {
      path: 'Jenkinsfile',
      text: `node {
  withCredentials([[
    $class: 'AmazonWebServicesCredentialsBinding',
    credentialsId: 'deployment',
    accessKeyVariable: 'AWS_ACCESS_KEY_ID',
    secretKeyVariable: 'AWS_SECRET_ACCESS_KEY'
  ]]) { sh 'terraform apply' }
}
`,
    },
    {
      path: 'vars/terraform.groovy',
      text: "def call() {\n  withAWS(credentials: 'deployment', role: 'deploy', roleAccount: '111122223333') {\n    sh 'terraform plan'\n  }\n}\n",
    },
    {
      path: 'ci/plan.jenkinsfile',
      text: "node {\n  withCredentials([string(credentialsId: 'k', variable: 'TF_VAR_aws_access_key'), string(credentialsId: 's', variable: 'TF_VAR_aws_secret_key')]) { sh 'terraform plan' }\n}\n",
    },
  ],
  clean: [
    {
      path: 'Jenkinsfile',
      text: "node {\n  withAWS(role: 'deploy', roleAccount: '111122223333') { sh 'terraform plan' }\n}\n",
    },
    {
      path: 'Jenkinsfile',
      text: "node {\n  // environment { AWS_ACCESS_KEY_ID = credentials('old') }\n  withCredentials([string(credentialsId: 'sonar', variable: 'SONAR_TOKEN')]) { sh 'make' }\n}\n",
    },
  ],
  detect(file, report) {
    if (!isJenkinsfile(file.path, file.format) || !/aws|secret_?key/i.test(file.text)) return;
    const stack = stackOf(file.text);
    for (const [index, key] of findJenkinsKeys(file.text).entries()) {
      reportStaticSlot(report, {
        parts: key.parts,
        slot: `${file.path}#${key.form}/${index}`,
        subject: key.form === 'script' ? 'sh step' : key.form,
        kind: 'jenkins-static-key',
        usedBy: 'pipeline',
        lead: leads[key.form],
        ...(stack === undefined ? {} : { stack }),
      });
    }
  },
});

/** The folder, when there is one `dir('…')` around Terraform. */
function stackOf(text: string): string | undefined {
  const folders = new Set(
    [...text.matchAll(/\bdir\s*\(\s*['"]([^'"$]+)['"]\s*\)/g)].map((match) => match[1] as string),
  );
  const [folder] = folders;
  const changed = findTerraformRuns(text.replace(/['"]/g, '\n'), undefined).some((run) => run.directory !== undefined);
  return folders.size === 1 && !changed ? folder?.replace(/^\.\//, '').replace(/\/$/, '') : undefined;
}

const leads = {
  withAWS: 'withAWS takes a stored key',
  binding: 'withCredentials binds a stored key',
  environment: 'the environment of the pipeline holds a static key',
  script: 'a shell step hands on a static key',
} as const;
