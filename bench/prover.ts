/**
 * The prover beside the evaluator of IAM policies, on a million random requests: how many, how long each takes, and whether
 * they ever differ. The prover works once per set of policies, the evaluator once per request.
 */
import { evaluate } from '../src/aws/policy/evaluate.ts';
import { allowedRequests } from '../src/aws/prove/allowed-requests.ts';
import { contains, witness } from '../src/aws/prove/witness.ts';
import { Dice, randomCase, randomRequest } from '../test/support/random-policies.ts';
import type { Benchmark } from './run.ts';

const policySets = 20_000;
const requestsEach = 50;

const benchmark: Benchmark = async (tell) => {
  const dice = new Dice(2026);
  const seconds = { prove: 0, evaluate: 0, lookUp: 0 };
  const timed = <Value>(what: keyof typeof seconds, work: () => Value): Value => {
    const before = performance.now();
    const value = work();
    seconds[what] += (performance.now() - before) / 1000;
    return value;
  };
  let [requests, allowed, witnesses, disagreements] = [0, 0, 0, 0];
  for (let set = 0; set < policySets; set++) {
    const random = randomCase(dice);
    const { principal, resourceAccount, policies } = random;
    const [region, shown] = timed('prove', () => {
      const proved = allowedRequests({ principal, resourceAccount }, policies);
      return [proved, witness(proved, principal, resourceAccount)] as const;
    });
    if (shown !== undefined) {
      witnesses++;
      if (!evaluate(shown, policies).allowed) disagreements++;
    }
    const batch = Array.from({ length: requestsEach }, () => randomRequest(dice, random));
    const decided = timed('evaluate', () => batch.map((request) => evaluate(request, policies).allowed));
    const proved = timed('lookUp', () => batch.map((request) => contains(region, request)));
    for (const [index, decision] of decided.entries()) {
      requests++;
      if (decision) allowed++;
      if (decision !== proved[index]) disagreements++;
    }
    if (set % 5000 === 4999) tell(`${requests} requests, ${disagreements} disagreements`);
  }
  const each = (total: number, count: number): string => `${((total / count) * 1e6).toPrecision(3)} µs`;
  return `| What | Figure |
|---|---:|
| random sets of policies | ${group(policySets)} |
| random requests, decided by both | ${group(requests)} |
| of them allowed | ${group(allowed)} |
| sets it proved to allow nothing at all | ${group(policySets - witnesses)} |
| requests it showed as allowed by the others, tried on the evaluator | ${group(witnesses)} |
| **disagreements** | **${group(disagreements)}** |
| the prover, each set of policies | ${((seconds.prove / policySets) * 1000).toPrecision(2)} ms |
| the evaluator, each request | ${each(seconds.evaluate, requests)} |
| is a request among those the prover allows, each | ${each(seconds.lookUp, requests)} |
| all of it | ${(seconds.prove + seconds.evaluate + seconds.lookUp).toFixed(0)} s |`;
};
export default benchmark;

function group(count: number): string {
  return count.toLocaleString('en-US');
}
