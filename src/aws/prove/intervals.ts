/** Sets of numbers as sorted, disjoint intervals: what numeric, date and address conditions speak about. */

export interface Interval {
  readonly low: number | bigint;
  readonly lowOpen: boolean;
  readonly high: number | bigint;
  readonly highOpen: boolean;
}

export class IntervalSet {
  readonly intervals: readonly Interval[];

  constructor(intervals: readonly Interval[]) {
    this.intervals = normalized(intervals);
  }

  get isEmpty(): boolean {
    return this.intervals.length === 0;
  }

  has(value: number | bigint): boolean {
    return this.intervals.some(
      ({ low, lowOpen, high, highOpen }) =>
        (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high),
    );
  }

  and(other: IntervalSet): IntervalSet {
    return new IntervalSet(
      this.intervals.flatMap((a) =>
        other.intervals.map((b) => ({
          low: larger(a.low, b.low),
          lowOpen: a.low === b.low ? a.lowOpen || b.lowOpen : a.low > b.low ? a.lowOpen : b.lowOpen,
          high: smaller(a.high, b.high),
          highOpen: a.high === b.high ? a.highOpen || b.highOpen : a.high < b.high ? a.highOpen : b.highOpen,
        })),
      ),
    );
  }

  or(other: IntervalSet): IntervalSet {
    return new IntervalSet([...this.intervals, ...other.intervals]);
  }

  /** Within `universe`, which is one closed interval. */
  not(universe: Interval): IntervalSet {
    const gaps: Interval[] = [];
    let { low, lowOpen } = universe;
    for (const interval of this.intervals) {
      gaps.push({ low, lowOpen, high: interval.low, highOpen: !interval.lowOpen });
      low = interval.high;
      lowOpen = !interval.highOpen;
    }
    gaps.push({ low, lowOpen, high: universe.high, highOpen: universe.highOpen });
    return new IntervalSet(gaps);
  }

  /** A member that is easy to read: the end of an interval, or what lies inside. */
  example(): number | bigint | undefined {
    const [first] = this.intervals;
    if (first === undefined) return undefined;
    const { low, lowOpen, high, highOpen } = first;
    if (!lowOpen && low !== Number.NEGATIVE_INFINITY) return low;
    if (!highOpen && high !== Number.POSITIVE_INFINITY) return high;
    if (low === Number.NEGATIVE_INFINITY) return high === Number.POSITIVE_INFINITY ? 0 : Number(high) - 1;
    if (high === Number.POSITIVE_INFINITY) return Number(low) + 1;
    return (Number(low) + Number(high)) / 2;
  }
}

function normalized(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals
    .filter(({ low, lowOpen, high, highOpen }) => low < high || (low === high && !lowOpen && !highOpen))
    .sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : Number(a.lowOpen) - Number(b.lowOpen)));
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    const touches =
      last !== undefined &&
      (interval.low < last.high || (interval.low === last.high && !(interval.lowOpen && last.highOpen)));
    if (last === undefined || !touches) {
      joined.push(interval);
    } else if (interval.high > last.high || (interval.high === last.high && !interval.highOpen)) {
      joined[joined.length - 1] = { ...last, high: interval.high, highOpen: interval.highOpen };
    }
  }
  return joined;
}

/** Math.max takes no bigint. */
function larger<T extends number | bigint>(a: T, b: T): T {
  if (a > b) return a;
  return b;
}

function smaller<T extends number | bigint>(a: T, b: T): T {
  if (a < b) return a;
  return b;
}
