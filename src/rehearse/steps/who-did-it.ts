/** 7. Who did it: every change of the state in the rehearsal, from CloudTrail's log files alone. */
import { gunzipSync } from 'node:zlib';
import { deliverTrails } from '../../sandbox/index.ts';
import type { Check } from '../rehearsal.ts';
import { green, red, type Stage, type Step } from '../stage.ts';
import { type LogRecord, traceStateChanges } from '../state-changes.ts';

export const whoDidIt: Step = {
  id: 'who-did-it',
  title: 'Who changed the state',
  needsTerraform: false,
  async run(stage) {
    const { sandbox, move, intent, versions } = stage;
    await deliverTrails(sandbox.world, sandbox.time);
    const { records, files } = logFiles(stage);
    const accounts = new Map(
      [...intent.accounts.values()].flatMap(({ name, id }) => (id === undefined ? [] : [[id, name]])),
    );
    const changes = traceStateChanges(records, versions, accounts);
    const before = changes.filter(({ step }) => step === 'legacy-works');
    const after = changes.filter(({ step }) => step !== 'legacy-works');
    const untraced = after.filter(({ who }) => who.kind !== 'person' && who.kind !== 'workflow');
    const shared = before.filter(({ who }) => who.kind === 'shared-key').length;
    const checks: Check[] = [
      ...untraced.map(({ object, versionId, who }) =>
        red(`${object}, version ${versionId}`, 'keyless', `has no author: ${who.name}`, {
          cause: `CloudTrail says: ${who.through}.`,
          fix: 'Select the data events of the state bucket in the trail, and give sessions of pipelines the name of their run.',
        }),
      ),
      ...(after.length > 0 && untraced.length === 0
        ? [
            green(
              `${after.length} changes of state after the move`,
              'keyless',
              'each traced to a person or a workflow run',
            ),
          ]
        : []),
      ...(after.length === 0
        ? [
            red('changes of state after the move', 'keyless', 'there are none', {
              cause: 'No step before this one has written state by the new way.',
              fix: 'Mend the steps before.',
            }),
          ]
        : []),
      ...(before.length === 0
        ? []
        : [
            green(
              `${shared} of ${before.length} changes by the old way`,
              'keyless',
              'lead to a key that many hold, and no further',
            ),
          ]),
    ];
    return {
      summary: `${versions.length} versions of state objects, found again in ${files} log files of trail ${move.built.trail.name}: before the move CloudTrail names a key, after it a person or a run.`,
      checks,
      changes,
      notes: [
        'Joined as an investigator would: the write, its twin in the account of the caller, and the call that minted the session.',
      ],
    };
  },
};

/** Every record of every log file in the trail's bucket, each event once for each account that got it. */
function logFiles({ sandbox, move }: Stage): { readonly records: readonly LogRecord[]; readonly files: number } {
  const objects = sandbox.world.s3.buckets.get(move.built.trail.bucket)?.objects;
  const keys = [...(objects?.keys() ?? [])].filter((key) => /\/CloudTrail\/.*\.json\.gz$/.test(key));
  const records = keys.flatMap((key) => {
    const body = objects?.latest(key)?.body ?? new Uint8Array();
    return (JSON.parse(gunzipSync(body).toString()) as { Records: readonly LogRecord[] }).Records;
  });
  return { records, files: keys.length };
}
