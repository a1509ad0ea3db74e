/** Credential or configuration files named by a provider. */
import { type Detector, defineDetector } from '../detector.ts';
import { awsProviders } from '../terraform/aws-provider.ts';
import { possibleTexts } from '../terraform/possible-strings.ts';
import { reportPlace } from '../terraform/report-place.ts';

export const providerSharedCredentialsFile: Detector = defineDetector({
  id: 'provider-shared-credentials-file',
  title: 'AWS provider names a credentials file',
  severity: 'medium',
  class: 'indirect',
  why: 'The file usually holds a static key, and the path fits one machine only. Provider 5 no longer accepts shared_credentials_file.',
  fix: 'Remove the argument; people get their session from Identity Center, pipelines from OIDC.',
  fixRule: 'P2',
  source: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade',
  flagged: [
    { path: 'main.tf', text: 'provider "aws" {\n  shared_credentials_file = "~/.aws/credentials"\n}\n' },
    {
      path: 'main.tf',
      text: 'provider "aws" {\n  shared_credentials_files = [var.credentials_file]\n  shared_config_files      = ["./aws-config"]\n}\n',
    },
    { path: 'main.tf.json', text: '{"provider": {"aws": {"shared_credentials_files": ["creds"]}}}' },
  ],
  clean: [{ path: 'main.tf', text: 'provider "google" {\n  credentials = file("x.json")\n}\n' }],
  detect(file, report, repository) {
    for (const { module, subject, own } of awsProviders(file, repository)) {
      const [first] = own.sharedFiles;
      if (first === undefined) continue;
      const files = own.sharedFiles.flatMap(({ value }) =>
        value.kind === 'tuple'
          ? value.elements.flatMap((element) => possibleTexts(element, module, file.text))
          : possibleTexts(value, module, file.text),
      );
      const detail = `${subject} reads ${own.sharedFiles.map(({ name }) => name).join(' and ')}: ${files.join(', ')}.`;
      reportPlace(report, {
        at: first.start,
        kind: 'provider-shared-credentials-file',
        class: 'indirect',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
