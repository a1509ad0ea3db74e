/** Files whose name says that AWS handed them out with a key inside, whatever can be read of them. */
import { type Detector, defineDetector } from '../detector.ts';

export const credentialFileName: Detector = defineDetector({
  id: 'credential-file-name',
  title: 'A file named as AWS names downloads of keys',
  severity: 'high',
  class: 'static',
  why: 'The console offers a new key once, as a file of this name. A copy in the repository is a copy for everybody who clones it.',
  fix: 'Look into the file. If a key is or was in it, treat that key as leaked; delete the file and its history.',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  flagged: [
    { path: 'keys/rootkey.csv', text: 'AWSAccessKeyId=\n' },
    { path: 'deploy_accessKeys.csv', text: 'Access key ID,Secret access key\n' },
    { path: 'new_user_credentials.csv', text: 'User name,Password,Console login link\n' },
  ],
  clean: [
    { path: 'data/keys.csv', text: 'a,b\n' },
    { path: 'docs/credentials.md', text: '# Credentials\n' },
  ],
  detect: (file, report) => {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const what = nameOf(name);
    if (what === undefined) return;
    report.finding({ at: 0, identity: name, detail: `${name} has the name of ${what}.` });
  },
});

function nameOf(name: string): string | undefined {
  if (/^rootkey(\s?\(\d+\))?\.csv$/i.test(name)) return 'the download of an account root key';
  if (/(^|[_-])accessKeys(\s?\(\d+\))?\.csv$/i.test(name)) return 'the download of an IAM access key';
  return /^((new_user_|\w+_)?credentials)(\s?\(\d+\))?\.csv$/i.test(name)
    ? "the download of a new user's credentials"
    : undefined;
}
