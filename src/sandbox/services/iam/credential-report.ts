/**
 * The credential report: every user with the state of its credentials, as CSV
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
 */
import { AwsError } from '../../core/aws-error.ts';
import type { Operation } from '../../core/service.ts';
import { iamAccount, iamArn } from './accounts.ts';
import { authorize, read } from './operation.ts';
import type { AccessKeyRecord, IamAccount, IamUser } from './state.ts';

/** In AWS's seconds: as long a report is handed out again instead of a new one. */
const freshSeconds = 4 * 3600;

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
] as const;

const generate = read((call) => {
  authorize(call, '*');
  const iam = iamAccount(call.world, call.account);
  const now = call.time.now();
  const last = iam.credentialReport;
  if (last !== undefined && now < last.generatedAt + call.time.lifetime(freshSeconds)) return { State: 'COMPLETE' };
  iam.credentialReport = { content: report(iam, iamArn(call.world, call.account, 'root')), generatedAt: now };
  return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
});

const get = read((call) => {
  authorize(call, '*');
  const last = iamAccount(call.world, call.account).credentialReport;
  if (last === undefined) {
    throw new AwsError('ReportNotPresent', 'There is no credential report for this account.', 410);
  }
  return {
    Content: Buffer.from(last.content),
    ReportFormat: 'text/csv',
    GeneratedTime: new Date(last.generatedAt),
  };
});

function report(iam: IamAccount, rootArn: string): string {
  const users = [...iam.users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const created = Math.min(...users.map(({ createdAt }) => createdAt), Number.MAX_SAFE_INTEGER);
  const root = [
    '<root_account>',
    rootArn,
    users.length === 0 ? 'N/A' : time(created),
    'not_supported',
    'no_information',
    'not_supported',
    'not_supported',
    'false',
    ...noKey,
    ...noKey,
    ...noCertificates,
  ];
  return [columns, root, ...users.map(rowOf)].map((row) => row.join(',')).join('\n');
}

function rowOf(user: IamUser): readonly string[] {
  return [
    user.name,
    user.arn,
    time(user.createdAt),
    'false',
    'N/A',
    'N/A',
    'N/A',
    'false',
    ...keyColumns(user.accessKeys[0]),
    ...keyColumns(user.accessKeys[1]),
    ...noCertificates,
  ];
}

const noKey = ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
const noCertificates = ['false', 'N/A', 'false', 'N/A'];

function keyColumns(key: AccessKeyRecord | undefined): readonly string[] {
  if (key === undefined) return noKey;
  const { lastUsed } = key;
  return [
    String(key.status === 'Active'),
    time(key.createdAt),
    lastUsed === undefined ? 'N/A' : time(lastUsed.at),
    lastUsed?.region ?? 'N/A',
    lastUsed?.service ?? 'N/A',
  ];
}

function time(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

export const credentialReportOperations: Readonly<Record<string, Operation>> = {
  GenerateCredentialReport: generate,
  GetCredentialReport: get,
};
