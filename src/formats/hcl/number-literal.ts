/** Which number tokens are numbers: `1e5` and `1.e5` are, `1.2.3` and an exponent beyond all bounds are not. */

const number = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Terraform reads numbers with Go's big.ParseFloat, whose binary exponent has 32 bits. */
const LARGEST_BINARY_EXPONENT = 2 ** 31 - 1;

export function isNumber(text: string): boolean {
  const match = number.exec(text);
  if (match === null) return false;
  const exponent = match[3];
  if (exponent === undefined || exponent.length < 9) return true;
  const fraction = match[2] ?? '';
  const mantissa = BigInt(match[1] + fraction);
  if (mantissa === 0n) return true;
  const binary = BigInt(mantissa.toString(2).length) + BigInt(exponent) - BigInt(fraction.length);
  return binary <= LARGEST_BINARY_EXPONENT && binary >= -LARGEST_BINARY_EXPONENT - 1;
}
