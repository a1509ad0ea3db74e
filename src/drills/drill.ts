/**
 * A drill: one thing going wrong on purpose, while the real Terraform applies a small stack against the embedded AWS. One
 * object a file; `catalogue.ts` lists them, docs/drills.md is generated from them.
 */
import type { Env, RunningProcess } from '../ports/index.ts';
import type { MessageId } from './messages.ts';
import type { CredentialSource } from './sources/source.ts';
import type { Stage } from './stage.ts';

export interface Drill {
  readonly id: string;
  readonly title: string;
  /** How it comes about in real life, and why one wants to know. */
  readonly why: string;
  /** Takes more than ten seconds; with `--all` only, never in the tests. */
  readonly slow: boolean;
  /** Where Terraform's credentials come from. */
  readonly source: CredentialSource;
  /** Real seconds that an AWS hour takes while the drill runs; 3600 unless given. */
  readonly hourSeconds?: number;
  /** The stack: so many resources, one after the other, each taking so long. */
  readonly steps: number;
  readonly stepSeconds: number;
  /** Variables of the person's shell besides those of the source, gone once it is mended. */
  readonly extraEnv?: (stage: Stage) => Env;
  /** Of Identity Center, before anybody signs in. AWS seconds. */
  readonly settings?: { readonly portalSessionSeconds?: number; readonly accessTokenSeconds?: number };
  /** Before Terraform starts, when its credentials are in place. */
  readonly before?: (stage: Stage) => Promise<void>;
  readonly events?: readonly DrillEvent[];
  /** A person loses patience after so many seconds and interrupts; 120 unless given. */
  readonly patienceSeconds?: number;
  /** What plain Terraform does, as it was measured. */
  readonly expected: Expectation;
  /** What a person does about it, before Terraform is run again. */
  readonly remedy: string;
  /** Does so. New credentials are had in any case. */
  readonly mend?: (stage: Stage) => Promise<void>;
}

export interface DrillEvent {
  /** When so many resources are made, or so many seconds have passed. */
  readonly when: { readonly step: number } | { readonly seconds: number };
  /** `the assignment is removed`. */
  readonly what: string;
  do(stage: Stage, terraform: RunningProcess): Promise<void>;
}

export interface Expectation {
  readonly outcome: Outcome;
  readonly lock: 'free' | 'held';
  /** Texts that Terraform prints; none when all goes well. */
  readonly says: readonly MessageId[];
  /** Who wrote the state, as the end of the ARN; only where it is not who one would think. */
  readonly wroteAs?: string;
}

/** What became of the run, from good to bad. */
export const outcomes = ['finished', 'refused', 'stopped', 'state-on-disk', 'state-lost'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeTexts: Readonly<Record<Outcome, string>> = {
  finished: 'the apply finished',
  refused: 'nothing was begun',
  stopped: 'it stopped; the bucket knows all that was made',
  'state-on-disk': 'it stopped; what was made is known to errored.tfstate only',
  'state-lost': 'it stopped; what was made is known nowhere',
};

export interface DrillResult {
  readonly drill: string;
  readonly client: 'plain';
  /** `terraform 1.11.4`. */
  readonly terraform: string;
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** How a person's patience ended it, if it did. */
  readonly interrupted: Interruption;
  /** Seconds until Terraform ended. */
  readonly seconds: number;
  readonly outcome: Outcome;
  readonly lock: 'free' | 'held';
  /** Resources made, known to the bucket, known to errored.tfstate. */
  readonly made: number;
  readonly saved: number;
  readonly onDisk: number;
  /** ARN of who wrote the state last, from CloudTrail; `undefined` when nobody did. */
  readonly wroteAs: string | undefined;
  /** The first error, in one line. */
  readonly saw: string;
  /** Of the expected texts, those that were not printed. */
  readonly missing: readonly MessageId[];
  readonly recovery: Recovery;
  /** It went as the catalogue says. */
  readonly asExpected: boolean;
}

export type Interruption = 'none' | 'once' | 'twice' | 'killed';

export interface Recovery {
  readonly steps: readonly RecoveryStep[];
  /** All of them together, without the person's own time. */
  readonly seconds: number;
  /** In the end a plan shows nothing to do. */
  readonly clean: boolean;
  /** Resources that were made twice, because nobody knew of the first. */
  readonly madeTwice: number;
}

export interface RecoveryStep {
  readonly command: string;
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly seconds: number;
}
