/** Which number tokens are numbers: `1e5` and `1.e5` are, `1.2.3` and an exponent beyond all bounds are not. */

const number = /^(\d+)(?:\.(\d*))?(?:[eE]([+-]?)0*(\d+))?$/;

/**
 * Whether Terraform can read the number, which it does with Go's big.ParseFloat: the exponent as written has to fit in
 * 64 bits, the binary exponent of the mantissa in 32.
 */
export function isNumber(text: string): boolean {
  const match = number.exec(text);
  if (match === null) return false;
  const [, whole = '', fraction = '', sign = '', exponent = ''] = match;
  if (exponent.length < 9) return true;
  const mantissa = (whole + fraction).replace(/^0+/, '');
  if (exponent.length > 19 || BigInt(sign + exponent) !== BigInt.asIntN(64, BigInt(sign + exponent))) return false;
  if (mantissa === '') return true;
  const binary = bitLength(mantissa) - fraction.length + Number(sign + exponent);
  return binary >= -(2 ** 31) && binary < 2 ** 31;
}

/** Exact up to 17 digits; beyond, only a number that misses the bound by a bit could tell the difference. */
function bitLength(digits: string): number {
  const leading = digits.slice(0, 17);
  if (leading.length === digits.length) return BigInt(leading).toString(2).length;
  return Math.floor(Math.log2(Number(leading)) + (digits.length - leading.length) * Math.log2(10)) + 1;
}
