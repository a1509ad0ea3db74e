/**
 * 6. The state bucket refuses. Each check is a signed request that would do the harm; a control request by who is let in
 * shows that it is not refused for a reason of its own.
 */
import { join } from 'node:path';
import type { SigningKey } from '../../aws/sigv4-sign.ts';
import { getRoleCredentials } from '../../broker/index.ts';
import type { StateBackend } from '../../intent/index.ts';
import type { AwsReply, S3Request } from '../aws-calls.ts';
import { counted } from '../counted.ts';
import type { Check } from '../rehearsal.ts';
import { type Engineer, signIn } from '../sign-in.ts';
import { green, red, type Stage, type Step, skipped } from '../stage.ts';
import { keyOf, whoReaches } from './engineer.ts';

export const bucketRefuses: Step = {
  id: 'bucket-refuses',
  title: 'The state bucket refuses',
  needsTerraform: false,
  async run(stage) {
    const checks: Check[] = [];
    for (const backend of stage.intent.stateBackends) checks.push(...(await bucketChecks(stage, backend)));
    if (checks.length === 0) {
      const cause = 'keyless.yaml names no state bucket (state).';
      return { summary: cause, checks: [skipped('state buckets', 'keyless', cause)] };
    }
    const failed = checks.filter(({ outcome }) => outcome === 'red').length;
    const refusals = checks.filter(({ outcome, result }) => outcome === 'green' && result.startsWith('refused')).length;
    const buckets = stage.intent.stateBackends.map(({ bucket }) => bucket).join(', ');
    return {
      summary:
        failed === 0
          ? `${counted(refusals, 'request')} that keyless.yaml does not allow ${refusals === 1 ? 'was' : 'were'} refused by ${buckets}, also those of administrators.`
          : `${counted(failed, 'way')} into ${buckets} ${failed === 1 ? 'is' : 'are'} not as keyless.yaml says.`,
      checks,
      notes: [
        'IAM users and permission sets that were tried are administrators of the account that owns the bucket: only the bucket itself can refuse them.',
      ],
    };
  },
};

async function bucketChecks(stage: Stage, backend: StateBackend): Promise<readonly Check[]> {
  const { calls, outsiders, sandbox, engineers } = stage;
  const { bucket } = backend;
  const region = backend.region === undefined ? {} : { region: backend.region };
  const [object] = existingState(stage, bucket);
  if (object === undefined) return [skipped(bucket, 'keyless', 'no state was written to it in the steps before')];
  const get: S3Request = { method: 'GET', bucket, key: object.key, ...region };
  const put = (headers: Readonly<Record<string, string>>): S3Request => ({
    method: 'PUT',
    bucket,
    key: object.key,
    headers: { ...headers, 'content-type': 'application/json' },
    body: object.text,
    ...region,
  });
  const writer = await writerOf(stage);
  if (writer === undefined) return [skipped(bucket, 'keyless', 'nobody in keyless.yaml may apply anywhere')];
  const encryption: Readonly<Record<string, string>> =
    backend.kmsKeyId === undefined
      ? { 'x-amz-server-side-encryption': 'AES256' }
      : { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': backend.kmsKeyId };
  const on = (what: string) => `${bucket}: ${what}`;
  const outsider = await outsiderKey(stage);
  const checks = [
    await control(on('who is on the list reads and writes'), [
      await calls.s3(get, writer),
      await calls.s3(put(encryption), writer),
    ]),
    await refused(on('the key of an IAM user that is an administrator'), await calls.s3(get, outsiders.userKey)),
    await refused(on('the key of an IAM user writes'), await calls.s3(put(encryption), outsiders.userKey)),
    await refused(
      on(`an administrator by permission set ${outsiders.person.permissionSet}, which is on no list`),
      await calls.s3(get, outsider),
    ),
    await refused(on('plain HTTP by who is on the list'), await calls.s3({ ...get, plainHttp: true }, writer)),
    await refused(
      on('delete of a version by who is on the list'),
      await calls.s3({ ...get, method: 'DELETE', query: `versionId=${encodeURIComponent(object.versionId)}` }, writer),
    ),
    await refused(
      on('delete of a version by an administrator'),
      await calls.s3(
        { ...get, method: 'DELETE', query: `versionId=${encodeURIComponent(object.versionId)}` },
        outsider,
      ),
    ),
    await refused(on('without any signature'), await calls.s3(get, undefined)),
    backend.requireEncryption
      ? await refused(on('a put without encryption by who is on the list'), await calls.s3(put({}), writer))
      : skipped(
          on('a put without encryption'),
          'keyless',
          'keyless.yaml does not demand encryption of this bucket (state[].require_encryption)',
        ),
  ];
  // The last one, since it moves the clock.
  checks.push(await outsideTheWindow(stage, backend, get, engineers[0], sandbox.time.now()));
  return checks;
}

async function control(what: string, replies: readonly AwsReply[]): Promise<Check> {
  const failed = replies.find(({ errorCode }) => errorCode !== undefined);
  return failed === undefined
    ? green(what, 'keyless', 'works')
    : red(what, 'keyless', 'is refused', {
        cause: `${failed.errorCode}: ${failed.errorMessage ?? ''}`,
        fix: 'Compare readers and writers of the bucket in keyless.yaml.',
      });
}

async function refused(what: string, { errorCode, status }: AwsReply): Promise<Check> {
  if (errorCode === 'AccessDenied') return green(what, 'keyless', `refused: ${errorCode}`);
  return errorCode === undefined
    ? red(what, 'keyless', `was carried out (${status})`, {
        cause: 'The policy of the bucket lets it through.',
        fix: 'Put the policy of keyless.yaml on the bucket: keyless migrate shows it at the gate of step 7.',
      })
    : red(what, 'keyless', `failed for another reason: ${errorCode}`, {
        cause: 'It was refused before the policy of the bucket was asked, so this shows nothing.',
        fix: 'keyless rehearse --keep',
      });
}

/** A state that the steps before have written, with its newest version. */
function existingState({ sandbox }: Stage, bucket: string): { key: string; versionId: string; text: string }[] {
  const objects = sandbox.world.s3.buckets.get(bucket)?.objects;
  return [...(objects?.keys() ?? [])].flatMap((key) => {
    const latest = objects?.latest(key);
    if (latest === undefined || latest.deleteMarker || key.endsWith('.tflock')) return [];
    return [{ key, versionId: latest.versionId, text: Buffer.from(latest.body).toString() }];
  });
}

async function writerOf(stage: Stage): Promise<SigningKey | undefined> {
  for (const account of stage.intent.accounts.keys()) {
    const found = whoReaches(stage.engineers, account, 'apply');
    if (found !== undefined) return await keyOf(stage, found.engineer, found.reach);
  }
  return undefined;
}

async function outsiderKey(stage: Stage): Promise<SigningKey> {
  const { ports, sandbox, certificates, intent, outsiders, folders } = stage;
  const { userName, permissionSet, accountId } = outsiders.person;
  const person = { userName, others: [], reaches: [], refused: [] };
  const home = join(folders.root, 'home-outsider');
  const { token, endpoints } = await signIn(ports, sandbox, certificates, intent, person, 'device code', home);
  return await getRoleCredentials(ports, endpoints, token.accessToken, { accountId, roleName: permissionSet });
}

/** Signs in again at a moment outside the window, since sessions of now would be over then; then goes back. */
async function outsideTheWindow(
  stage: Stage,
  backend: StateBackend,
  get: S3Request,
  engineer: Engineer | undefined,
  now: number,
): Promise<Check> {
  const { sandbox, ports, certificates, intent, folders, calls } = stage;
  const what = `${backend.bucket}: outside the declared time window, by who is on the list`;
  const { from, until } = backend.window ?? {};
  const moment = until !== undefined ? until + 60_000 : from !== undefined ? from - 60_000 : undefined;
  const reach = engineer?.reaches.find(({ phase }) => phase === 'apply') ?? engineer?.reaches[0];
  if (moment === undefined) {
    return skipped(what, 'keyless', 'keyless.yaml declares no window for this bucket (state[].window)');
  }
  if (engineer === undefined || reach === undefined) return skipped(what, 'keyless', 'nobody signed in in step 3');
  sandbox.time.moveTo(moment);
  try {
    const home = join(folders.root, 'home-window');
    const again = await signIn(ports, sandbox, certificates, intent, engineer, 'authorization code with PKCE', home);
    const reply = await calls.s3(get, await keyOf(stage, again, reach));
    return await refused(`${what} (${new Date(moment).toISOString()})`, reply);
  } finally {
    sandbox.time.moveTo(Math.max(now, ports.clock.now().getTime()));
  }
}
