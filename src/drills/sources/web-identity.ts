/** A web identity token in a file and a role that trusts its issuer: what pipelines use. */
import { join } from 'node:path';
import { createOidcProvider, createRole, githubIssuerUrl, type Issuer, mintGithubToken } from '../../sandbox/index.ts';
import { account, type Stage } from '../stage.ts';
import type { CredentialSource } from './source.ts';

export const pipelineRole = 'drill-pipeline';

/** The runner renews the file well before its token ends. */
export const webIdentity: CredentialSource = source('a web identity token file', true, 300);

/** As most pipelines have it: the token of the job's start. */
export const webIdentityOnce: CredentialSource = source('a web identity token file that nobody renews', false, 300);

/** The same when the job is old. */
export const webIdentityOld: CredentialSource = source('a web identity token file that nobody renews', false, 2);

/** @param tokenSeconds real seconds that a token lives; GitHub's live five minutes */
function source(name: string, renewed: boolean, tokenSeconds: number): CredentialSource {
  return {
    name,
    start: async (stage) => {
      await stage.writeAwsFiles('');
      trustPipelines(stage);
      const path = join(stage.home, 'token');
      const write = async (): Promise<void> => {
        await stage.ports.files.writeAtomic(path, await mintToken(stage, tokenSeconds), { mode: 0o600 });
      };
      await write();
      const stopped = new AbortController();
      const writer = (async () => {
        while (renewed && !stopped.signal.aborted) {
          await stage.ports.clock.sleep(500, stopped.signal);
          if (!stopped.signal.aborted) await write();
        }
      })();
      // Told by `stop`, not in the middle of nowhere.
      writer.catch(() => undefined);
      return {
        env: {
          AWS_WEB_IDENTITY_TOKEN_FILE: path,
          AWS_ROLE_ARN: `arn:aws:iam::${account}:role/${pipelineRole}`,
          AWS_ROLE_SESSION_NAME: 'drill',
        },
        stop: async () => {
          stopped.abort();
          await writer;
        },
      };
    },
  };
}

/** The provider and the role, unless they are there. */
function trustPipelines(stage: Stage): void {
  const { world, time } = stage.sandbox;
  if (world.iam.accounts.get(account)?.roles.has(pipelineRole) === true) return;
  const createdAt = time.now();
  const provider = createOidcProvider(world, account, {
    url: githubIssuerUrl,
    clientIds: ['sts.amazonaws.com'],
    createdAt,
  });
  createRole(world, account, {
    name: pipelineRole,
    createdAt,
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider.arn },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:acme/infrastructure:ref:refs/heads/main',
            },
          },
        },
      ],
    }),
  });
}

async function mintToken(stage: Stage, tokenSeconds: number): Promise<string> {
  const { world, time } = stage.sandbox;
  return await mintGithubToken(world, time, {
    job: { repository: { fullName: 'acme/infrastructure' }, event: 'push', ref: 'refs/heads/main' },
    audience: 'sts.amazonaws.com',
    claims: { exp: Math.floor(time.now() / 1000) + tokenSeconds },
  });
}

/** The issuer of the tokens. */
export function issuerOf({ sandbox }: Stage): Issuer {
  return sandbox.world.issuers.issuers.get(githubIssuerUrl) as Issuer;
}
