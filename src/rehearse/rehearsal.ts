/**
 * What a rehearsal showed: the value that the text, the JSON proof and the HTML report render. It holds no secret: commands
 * name environment variables and never their values, and what clients printed went through the audit's redaction.
 */

import { counted } from './counted.ts';

export type StepId =
  | 'legacy-works'
  | 'migrate'
  | 'engineer'
  | 'pipeline'
  | 'key-deactivated'
  | 'bucket-refuses'
  | 'who-did-it';

/** `skipped`: a client or a fact that the step needs is not there; it says so and the rest goes on. */
export type Outcome = 'green' | 'red' | 'skipped';

export interface Rehearsal {
  /** Name of the repository's folder. */
  readonly repository: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly tools: Tools;
  /** What keyless had to assume because keyless.yaml does not say it. */
  readonly assumptions: readonly string[];
  readonly steps: readonly StepResult[];
  readonly network: NetworkProof;
  readonly verdict: Verdict;
}

export interface Tools {
  /** `terraform 1.11.4`; `undefined` where it ran nothing. */
  readonly terraform: string | undefined;
  /** Why not, as a sentence without its full stop; `undefined` where it ran. */
  readonly withoutTerraform: string | undefined;
  /** `5.100.0`; `undefined` where it cannot be had. */
  readonly awsProvider: string | undefined;
}

export interface StepResult {
  readonly number: number;
  readonly id: StepId;
  readonly title: string;
  readonly outcome: Outcome;
  /** Who made the calls: `terraform 1.11.4`, `keyless`. In order of appearance. */
  readonly clients: readonly string[];
  /** One sentence: what it showed. */
  readonly summary: string;
  readonly seconds: number;
  readonly checks: readonly Check[];
  /** What was left out and why, and other things a reader should know. */
  readonly notes: readonly string[];
  readonly matrix?: Matrix;
  readonly changes?: readonly StateChange[];
  readonly figures?: readonly Figure[];
}

/** One thing that was tried. */
export interface Check {
  readonly outcome: Outcome;
  /** `stacks/network in live: init, plan and apply`. */
  readonly what: string;
  readonly client: string;
  /** What came of it, in a few words: `works`, `refused: AccessDenied`. */
  readonly result: string;
  /** Of a red or skipped one. */
  readonly cause?: string;
  readonly fix?: string;
  readonly evidence?: readonly Evidence[];
}

export interface Evidence {
  /** As typed, without values of the environment. */
  readonly command: string;
  /** Names of the variables that were set for it. */
  readonly environment: readonly string[];
  readonly exitCode: number | undefined;
  /** The lines that matter, redacted. */
  readonly output: string;
}

/** Tokens of pipelines, offered to roles. */
export interface Matrix {
  readonly roles: readonly MatrixRole[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRole {
  /** Account name. */
  readonly account: string;
  /** `terraform-apply`. */
  readonly role: string;
  readonly arn: string;
}

export interface MatrixRow {
  /** `apply.yml › stacks`. */
  readonly job: string;
  /** `push main`, `pull request`. */
  readonly trigger: string;
  readonly environment: string | undefined;
  /** Somebody who must get nothing: a fork, another repository, another branch. */
  readonly outsider: boolean;
  /** `sub` of the token; `undefined` when the issuer gave none. */
  readonly subject: string | undefined;
  /** One for each role, in their order. */
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  readonly intended: boolean;
  readonly allowed: boolean;
  /** The job's own workflow asks for this role. */
  readonly asked: boolean;
  /** Error code of the refusal. */
  readonly refusal: string | undefined;
}

/** One new version of a state object, and whose it is. */
export interface StateChange {
  readonly at: string;
  readonly object: string;
  readonly versionId: string | undefined;
  /** Step in which it was made. */
  readonly step: StepId;
  readonly who: StateAuthor;
}

export type StateAuthor =
  | { readonly kind: 'person'; readonly name: string; readonly through: string }
  | { readonly kind: 'workflow'; readonly name: string; readonly through: string }
  /** A key that many hold: the event tells the IAM user, never the person. */
  | { readonly kind: 'shared-key'; readonly name: string; readonly through: string }
  | { readonly kind: 'unknown'; readonly name: string; readonly through: string };

export interface Figure {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

export interface NetworkProof {
  /** Requests that the embedded AWS answered. */
  readonly requests: number;
  /** Hosts that a client tried to reach and was refused. */
  readonly refusedHosts: readonly string[];
}

export interface Verdict {
  readonly outcome: 'green' | 'red';
  /** One sentence. */
  readonly text: string;
  readonly red: readonly {
    readonly step: number;
    readonly what: string;
    readonly cause: string;
    readonly fix: string;
  }[];
  /** What was not shown, each with its reason. */
  readonly skipped: readonly { readonly step: number; readonly what: string; readonly reason: string }[];
}

/** A step is red when one of its checks is, skipped when all of them are. */
export function outcomeOf(checks: readonly Check[]): Outcome {
  if (checks.some(({ outcome }) => outcome === 'red')) return 'red';
  return checks.length > 0 && checks.every(({ outcome }) => outcome === 'skipped') ? 'skipped' : 'green';
}

/** Lists every red check with cause and fix; what was skipped never makes a verdict red, and is never left unsaid. */
export function verdictOf(steps: readonly StepResult[], tools: Tools): Verdict {
  const checks = steps.flatMap(({ number, checks: own }) => own.map((check) => ({ number, check })));
  const red = checks.flatMap(({ number, check }) =>
    check.outcome === 'red'
      ? [
          {
            step: number,
            what: check.what,
            cause: check.cause ?? check.result,
            fix: check.fix ?? 'keyless rehearse --keep',
          },
        ]
      : [],
  );
  const skipped = checks.flatMap(({ number, check }) =>
    check.outcome === 'skipped' ? [{ step: number, what: check.what, reason: check.cause ?? check.result }] : [],
  );
  const shown = checks.filter(({ check }) => check.outcome === 'green').length;
  const by =
    tools.terraform === undefined
      ? `not run by terraform: ${tools.withoutTerraform}`
      : ranStacks(steps, tools.terraform)
        ? `run by ${tools.terraform}`
        : `no stack was run by ${tools.terraform}`;
  const rest = skipped.length === 0 ? '' : ` ${skipped.length} skipped.`;
  return {
    outcome: red.length > 0 ? 'red' : 'green',
    text:
      red.length > 0
        ? `${red.length} of ${counted(shown + red.length, 'check')} failed (${by}).${rest}`
        : `The new way works and the old way is refused: ${counted(shown, 'check')} (${by}).${rest}`,
    red,
    skipped,
  };
}

/** Step 2 has it look at the layout of files, and the provider's probe is a module of keyless's own. */
function ranStacks(steps: readonly StepResult[], terraform: string): boolean {
  return steps.some(
    ({ id, checks }) =>
      id !== 'migrate' && checks.some(({ client, outcome }) => client === terraform && outcome !== 'skipped'),
  );
}
