/** Moments as CloudTrail spells them. All take epoch milliseconds and give UTC. */

/** `2026-11-25T17:03:09Z`. */
export function secondsOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `Nov 25, 2026, 5:03:09 PM`: the form of dates inside request parameters and response elements. */
export function wordsOf(at: Date): string {
  const hour = at.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  return (
    `${months[at.getUTCMonth()]} ${at.getUTCDate()}, ${at.getUTCFullYear()}, ` +
    `${hour % 12 === 0 ? 12 : hour % 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`
  );
}

/** `20261125T1703Z` of log files (to the minute). */
export function minuteStamp(at: number): string {
  return `${stamp(at).slice(0, 13)}Z`;
}

/** `20261125T170309Z` of digest files. */
export function secondStamp(at: number): string {
  return `${stamp(at)}Z`;
}

/** `2026/11/25`. */
export function datePath(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function stamp(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '');
}
