/** Which locks were really taken while stacks ran, against those that their files ask for: from the records of the calls. */
import type { Check } from './rehearsal.ts';
import type { StackRun } from './stack-runs.ts';
import { green, red, type Stage, skipped } from './stage.ts';

/** Where the records end now: to look at what comes after. */
export function recordsSoFar({ sandbox }: Stage): number {
  return sandbox.world.cloudtrail.records.length;
}

/**
 * Nothing to say where no stack worked.
 *
 * @param checks of the stacks
 * @param since what `recordsSoFar` gave before they ran
 */
export function lockChecks(
  stage: Stage,
  runs: readonly StackRun[],
  checks: readonly Check[],
  since: number,
): readonly Check[] {
  return checks.some(({ outcome }) => outcome === 'green') ? [lockCheck(stage, runs, since)] : [];
}

function lockCheck(stage: Stage, runs: readonly StackRun[], since: number): Check {
  const backends = runs.flatMap(({ client, backend }) =>
    client.kind === 'none' || backend === undefined ? [] : [backend],
  );
  const asked = {
    file: backends.some(({ lockFile }) => lockFile),
    table: backends.some(({ lockTable }) => lockTable !== undefined),
  };
  const kinds = [...(asked.file ? ['the lock file'] : []), ...(asked.table ? ['the table'] : [])];
  const what = `locks of the state: the files ask for ${kinds.join(' and ') || 'none'}`;
  if (kinds.length === 0) return skipped(what, 'keyless', 'no backend takes a lock');
  const records = stage.sandbox.world.cloudtrail.records
    .slice(since)
    .filter(({ errorCode }) => errorCode === undefined);
  const calls = (source: string, name: string) =>
    records.filter(({ eventSource, eventName }) => eventSource === `${source}.amazonaws.com` && eventName === name);
  const files = calls('s3', 'PutObject').filter(({ requestParameters }) =>
    /\.tflock$/.test(String(requestParameters?.key)),
  );
  // One call is recorded in the account of the caller and in that of the bucket.
  const taken = {
    file: new Set(files.map(({ requestID }) => requestID)).size,
    table: new Set(calls('dynamodb', 'DeleteItem').map(({ requestID }) => requestID)).size,
  };
  const result = `taken ${taken.file} times as a file, ${taken.table} times in the table`;
  const right = taken.file > 0 === asked.file && taken.table > 0 === asked.table;
  return right
    ? green(what, 'keyless', result)
    : red(what, 'keyless', result, {
        cause: 'The locks that were taken are not those that the backends ask for.',
        fix: 'keyless migrate --check --through 2',
      });
}
