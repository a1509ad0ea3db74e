/** ISO 8601 durations of sessions: `PT8H`, `PT90M`. */

/** Seconds; `undefined` for what is no duration of hours, minutes and seconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?$/.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

export function formatDuration(seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 3600), 'H'],
    [Math.floor((seconds % 3600) / 60), 'M'],
    [seconds % 60, 'S'],
  ];
  const shown = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`]));
  return `PT${shown.length === 0 ? '0S' : shown.join('')}`;
}
