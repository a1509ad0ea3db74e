/**
 * The steps of the move in safe order. A change set holds the edits of one step, and each step has a gate: what must be
 * true outside the repository before it may be applied. IAM comes first, then OIDC while the key still lives, then a
 * green run, then the key is made inactive, then deleted: never all in one.
 */
import type { Intent } from '../intent/index.ts';
import { gateConditions } from './gates.ts';

export type StepId = 'guard' | 'lock-both' | 'identity' | 'lock-readers' | 'lock-writers' | 'lock-table' | 'retire';

export interface GateCondition {
  /** What must be true, as a sentence a person can check. */
  readonly text: string;
  /** The command that shows it, filled in. */
  readonly command?: string;
  /** What has to be there, as a JSON policy document. */
  readonly policy?: string;
}

export interface Step {
  /** From 1, fixed for all repositories. */
  readonly number: number;
  readonly id: StepId;
  readonly title: string;
  /** Why the step stands where it stands. */
  readonly why: string;
  /** A step that must have been written by an earlier run and rolled out before this one may be written. */
  readonly separateRunAfter?: StepId;
  /** What must be true first; `undefined` when the step may be written at once. */
  readonly gate: ((intent: Intent) => readonly GateCondition[]) | undefined;
}

const definitions: readonly Omit<Step, 'number'>[] = [
  {
    id: 'guard',
    title: 'Make the code ready while nothing changes hands',
    why: 'Account guards, upgrades and renamed arguments are true with the old key as well, so they can be reviewed and applied on their own, with an empty plan as the proof.',
    gate: undefined,
  },
  {
    id: 'lock-both',
    title: 'Take both locks: the S3 lock file and the DynamoDB table',
    why: 'Until every writer takes the new lock, a writer that takes only the old one must still be shut out. Terraform takes the file first, then the table, and needs both.',
    gate: gateConditions.lockBoth,
  },
  {
    id: 'identity',
    title: 'People sign in as themselves, pipelines federate; the old key stays alive as the way back',
    why: 'A provider block serves people and pipelines alike, so both move in one change. The key is not revoked: `keyless migrate --undo` or a revert goes back.',
    gate: gateConditions.identity,
  },
  {
    id: 'lock-readers',
    title: 'Readers of remote state stop naming the lock table',
    why: 'A reader locks nothing; the table only makes it compare a digest. Once writers drop the table that digest is stale, and a reader that still names it fails.',
    separateRunAfter: 'lock-both',
    gate: gateConditions.lockReaders,
  },
  {
    id: 'lock-writers',
    title: 'Backends take the S3 lock only',
    why: 'Every writer takes the lock file by now, and no reader compares the digest any more.',
    separateRunAfter: 'lock-readers',
    gate: gateConditions.lockWriters,
  },
  {
    id: 'lock-table',
    title: 'Delete the digests, the permissions and the lock table',
    why: 'Nothing names the table any more. The digests go first: if the table ever came back with them, state would fail its checksum.',
    separateRunAfter: 'lock-writers',
    gate: gateConditions.lockTable,
  },
  {
    id: 'retire',
    title: 'Retire the key, the user, the role and the stored secrets',
    why: 'Inactive first, so that one command brings it back; deleted only after quiet days; stored secrets last.',
    separateRunAfter: 'identity',
    gate: gateConditions.retire,
  },
];

export const steps: readonly Step[] = definitions.map((definition, index) => ({ number: index + 1, ...definition }));

export function stepOf(id: StepId): Step {
  const step = steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new RangeError(`no step ${id}`);
  return step;
}
