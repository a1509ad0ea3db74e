/** Kubernetes and Helm providers that get their token from `aws eks get-token`. */
import { walkExpressions } from '../../formats/hcl/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { configurationBlocks } from '../terraform/configuration-block.ts';
import { keyAssignments } from '../terraform/environment-assignments.ts';
import { plainString } from '../terraform/expression.ts';
import type { Settings } from '../terraform/settings.ts';

export const kubernetesExec: Detector = defineDetector({
  id: 'kubernetes-exec',
  title: 'Cluster login names a profile or a key',
  severity: 'medium',
  class: 'indirect',
  why: 'aws eks get-token then signs with that profile or key, whatever session Terraform runs with; a pipeline has no such profile.',
  fix: 'Drop --profile and AWS_ variables from exec: the command inherits the session in the environment.',
  source: 'https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs#exec-plugins',
  flagged: [
    {
      path: 'main.tf',
      text: 'provider "kubernetes" {\n  exec {\n    api_version = "client.authentication.k8s.io/v1"\n    command     = "aws"\n    args        = ["--profile", "live", "eks", "get-token", "--cluster-name", "c"]\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'provider "helm" {\n  kubernetes = {\n    exec = {\n      command = "aws"\n      args    = ["eks", "get-token"]\n      env     = { AWS_PROFILE = "live" }\n    }\n  }\n}\n',
    },
  ],
  clean: [
    {
      path: 'main.tf',
      text: 'provider "kubernetes" {\n  exec {\n    command = "aws"\n    args    = ["eks", "get-token", "--cluster-name", "c"]\n  }\n}\n',
    },
    {
      path: 'main.tf',
      text: 'provider "kubernetes" {\n  exec {\n    command = "gke-gcloud-auth-plugin"\n    env     = { AWS_PROFILE = "x" }\n  }\n}\n',
    },
  ],
  detect(file, report) {
    for (const provider of configurationBlocks(file)) {
      if (provider.type !== 'provider' || !clusterProviders.has(provider.labels[0] ?? '')) continue;
      const execs = [
        ...provider.settings.nested('exec'),
        ...provider.settings.nested('kubernetes').flatMap((inner) => inner.nested('exec')),
      ];
      for (const exec of execs) {
        const words = wordsOf(exec);
        if (!words.some((word) => /(^|\/)(aws|aws-iam-authenticator)$/.test(word))) continue;
        const subject = `provider "${provider.labels[0]}"`;
        const keys = keyAssignments(exec);
        const named = words.includes('--profile') || exec.nested('env').some((env) => env.has('AWS_PROFILE'));
        const role = words.find((word) => /^arn:aws[a-z-]*:iam::\d{12}:role\//.test(word));
        if (keys.length > 0 || named) {
          report.finding({
            at: exec.start,
            identity: subject,
            usedBy: 'terraform',
            ...(keys.length > 0 ? { severity: 'high' as const, class: 'static' as const } : {}),
            detail: `${subject} runs aws with ${keys.length > 0 ? keys.map(({ name }) => name).join(' and ') : 'a profile of its own'}.`,
          });
        }
        report.method({
          at: exec.start,
          kind: 'kubernetes-exec',
          class: keys.some(({ name }) => awsCredentialPart(name) !== 'token') ? 'static' : 'indirect',
          usedBy: 'terraform',
          subject,
          stack: file.directory,
          ...(role === undefined ? {} : { roleArns: [role] }),
          detail: `${subject} gets a token for the cluster from the aws command${role === undefined ? '' : `, as ${role}`}.`,
        });
      }
    }
  },
});

const clusterProviders: ReadonlySet<string> = new Set([
  'kubernetes',
  'helm',
  'kubectl',
  'kustomization',
  'flux',
  'argocd',
]);

function wordsOf(exec: Settings): readonly string[] {
  const words: string[] = [];
  for (const name of ['command', 'args']) {
    const value = exec.get(name)?.value;
    if (value === undefined) continue;
    for (const each of walkExpressions(value)) {
      const text = plainString(each);
      if (text !== undefined) words.push(text);
    }
  }
  return words;
}
