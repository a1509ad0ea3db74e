/** What a running sandbox offers, as one line of JSON for programs and as text for a person. */
import type { RunningSandbox } from '../../sandbox/index.ts';
import { styleFor } from './style.ts';

/** One line. It holds the sandbox's own throw-away secrets, because the programs that start one need them. */
export function renderSandboxJson(sandbox: RunningSandbox): string {
  const { endpoint, proxy, caFile, env, proxyEnv, legacyKey, control } = sandbox;
  return `${JSON.stringify({
    schemaVersion: 1,
    endpoint,
    proxy,
    caFile,
    env,
    proxyEnv,
    legacyKey: { accessKeyId: legacyKey.accessKeyId, secretAccessKey: legacyKey.secretAccessKey.reveal() },
    control: { url: control.url, token: control.token.reveal() },
  })}\n`;
}

export function renderSandboxText(sandbox: RunningSandbox, color: boolean): string {
  const { endpoint, caFile, env, legacyKey, control, world } = sandbox;
  const { bold, dim, cyan } = styleFor(color);
  const accounts = [...world.organizations.accounts.values()].map(({ id, name }) => `${id} ${name}`).join(', ');
  const block = (...lines: readonly string[]): string[] => ['', ...lines.map((line) => `  ${cyan(line)}`), ''];
  const lines = [
    bold('The embedded AWS is running. Nothing in it is real.'),
    '',
    `  endpoint  ${endpoint}`,
    `  proxy     the same address; authority in ${caFile}`,
    `  control   ${control.url}  ${dim(`authorization: Bearer ${control.token.reveal()}`)}`,
    `  accounts  ${accounts}`,
    '',
    'In another terminal, the way in by endpoint: for the AWS CLI 2.13, boto3 1.28, Terraform 1.6, and newer ones.',
    ...block(`export AWS_ENDPOINT_URL=${endpoint}`),
    'Or the way in by proxy: for every client that knows HTTPS_PROXY; what is not AWS is refused.',
    ...block(`export HTTPS_PROXY=${endpoint} AWS_CA_BUNDLE=${caFile} SSL_CERT_FILE=${caFile}`),
    'And who you are: the IAM user whose key keyless is there to retire.',
    ...block(
      `export AWS_REGION=${world.region} AWS_DEFAULT_REGION=${world.region}`,
      `export AWS_CONFIG_FILE=${env.AWS_CONFIG_FILE ?? ''} AWS_SHARED_CREDENTIALS_FILE=${env.AWS_SHARED_CREDENTIALS_FILE ?? ''}`,
      `export AWS_ACCESS_KEY_ID=${legacyKey.accessKeyId} AWS_SECRET_ACCESS_KEY=${legacyKey.secretAccessKey.reveal()}`,
      'aws sts get-caller-identity',
    ),
    `Or in one go: ${cyan('keyless sandbox exec --proxy -- aws sts get-caller-identity')}. Ctrl-C ends it.`,
  ];
  return `${lines.join('\n')}\n`;
}
