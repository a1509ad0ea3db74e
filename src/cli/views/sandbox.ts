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
  const lines = [
    bold('The embedded AWS is running; nothing in it is real and nothing leaves this machine.'),
    '',
    `  endpoint  ${endpoint}`,
    `  proxy     the same address; authority in ${caFile}`,
    `  control   ${control.url}  ${dim(`authorization: Bearer ${control.token.reveal()}`)}`,
    `  accounts  ${accounts}`,
    '',
    'In another terminal:',
    '',
    ...[
      `export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${world.region} AWS_DEFAULT_REGION=${world.region}`,
      `export AWS_CONFIG_FILE=${env.AWS_CONFIG_FILE ?? ''} AWS_SHARED_CREDENTIALS_FILE=${env.AWS_SHARED_CREDENTIALS_FILE ?? ''}`,
      `export AWS_ACCESS_KEY_ID=${legacyKey.accessKeyId} AWS_SECRET_ACCESS_KEY=${legacyKey.secretAccessKey.reveal()}`,
      'aws sts get-caller-identity',
    ].map((line) => `  ${cyan(line)}`),
    '',
    `Or in one go: ${cyan('keyless sandbox exec -- aws sts get-caller-identity')}. Ctrl-C ends it.`,
  ];
  return `${lines.join('\n')}\n`;
}
