/**
 * Seconds as Terraform's AWS provider 5 and its S3 backend write durations, in Go's form: `3600` is `1h`, `5400` is
 * `1h30m`. Source: https://pkg.go.dev/time#ParseDuration.
 *
 * @param seconds a whole number, not negative
 */
export function goDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('');
  return text === '' ? '0s' : text;
}
