/** Which fault strikes which call. Counting is done here, so that a fault is only data to those who order it. */
import type { Fault, FaultTarget } from './fault.ts';

/** What is known of a call before it is carried out. */
export interface FaultCandidate {
  readonly service: string;
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly accessKeyId: string | undefined;
}

export interface FaultCount {
  readonly fault: Fault;
  /** Calls that matched. */
  readonly matched: number;
  /** Calls that it struck. */
  readonly struck: number;
}

export class FaultRegistry {
  readonly #counts = new Map<string, { fault: Fault; matched: number; struck: number }>();

  /** Replaces the fault of the same id. */
  add(fault: Fault): void {
    this.#counts.set(fault.id, { fault, matched: 0, struck: 0 });
  }

  /** `false` when there is none of that id. */
  remove(id: string): boolean {
    return this.#counts.delete(id);
  }

  clear(): void {
    this.#counts.clear();
  }

  list(): readonly FaultCount[] {
    return [...this.#counts.values()].map((count) => ({ ...count }));
  }

  /** The faults that strike this call, in the order in which they were added; each is counted. */
  strike(call: FaultCandidate): readonly Fault[] {
    if (this.#counts.size === 0) return [];
    const struck: Fault[] = [];
    for (const count of this.#counts.values()) {
      if (!matches(count.fault.on, call)) continue;
      count.matched += 1;
      const due = count.matched > (count.fault.after ?? 0) && count.struck < (count.fault.times ?? Infinity);
      if (!due) continue;
      count.struck += 1;
      struck.push(count.fault);
    }
    return struck;
  }
}

function matches(target: FaultTarget, call: FaultCandidate): boolean {
  return (
    (target.service ?? call.service) === call.service &&
    (target.operation ?? call.operation) === call.operation &&
    (target.method ?? call.method) === call.method &&
    (target.accessKeyId ?? call.accessKeyId) === call.accessKeyId &&
    call.path.endsWith(target.pathEnd ?? '')
  );
}
