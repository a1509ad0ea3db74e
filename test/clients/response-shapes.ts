/** Every operation is called by botocore, and every answer held to botocore's model as it comes over the wire. */
import { fileURLToPath } from 'node:url';
import { expect, type TestContext } from 'vitest';
import { services } from '../../src/sandbox/server/services.ts';
import { needsPython } from '../support/python.ts';
import { keyEnv, startForClients } from './running-sandbox.ts';

const tour = fileURLToPath(new URL('shapes/tour.py', import.meta.url));

/** Operations that answer nothing but refusals here, and those that are pages. */
const neverAnswered: Readonly<Record<string, string>> = {
  AssumeRoleWithSAML: 'no SAML provider exists',
  DecodeAuthorizationMessage: 'nothing here encodes one',
  GetAccountPasswordPolicy: 'no account has one',
  GetLoginProfile: 'nobody has a password',
  GetObjectRetention: 'objects are not locked',
  GetObjectLegalHold: 'objects are not locked',
};
const pages = ['ShowAuthorizePage', 'SubmitAuthorizePage', 'ShowDevicePage', 'SubmitDevicePage'];

/** As botocore names the services that it has under another name. */
const botocoreNames: Readonly<Record<string, string>> = { 'sso-portal': 'sso' };

interface Told {
  readonly answered: Readonly<Record<string, readonly string[]>>;
  readonly refused: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly problems: readonly string[];
}

export async function responseShapes(context: TestContext): Promise<void> {
  const python = needsPython(context, 'botocore');
  const { sandbox, administrator, run: runInside, problems } = await startForClients(context);
  const env = {
    ...sandbox.env,
    ...keyEnv(administrator),
    KEYLESS_CONTROL_URL: sandbox.control.url,
    KEYLESS_CONTROL_TOKEN: sandbox.control.token.reveal(),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const run = await runInside(python, [tour], env);
  expect(run.status, run.output).toBe(0);
  const told = JSON.parse(run.stdout) as Told;
  expect(told.problems).toEqual([]);
  expect(problems).toEqual([]);
  for (const source of services) {
    const { id, operations } = await source.load();
    const name = botocoreNames[id] ?? id;
    const answered = told.answered[name] ?? [];
    const refused = Object.keys(told.refused[name] ?? {});
    const missing = [...operations.keys()].filter(
      (one) => !answered.includes(one) && !pages.includes(one) && !(one in neverAnswered && refused.includes(one)),
    );
    expect(missing, name).toEqual([]);
  }
}
