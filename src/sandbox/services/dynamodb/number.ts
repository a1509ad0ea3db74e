/** DynamoDB's numbers: up to 38 decimal digits, kept as text, compared and added exactly. */
import { validation } from './errors.ts';

interface Decimal {
  readonly digits: bigint;
  /** The value is `digits × 10^exponent`; `digits` ends in no zero. */
  readonly exponent: number;
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Throws AwsError ValidationException. */
function parseDecimal(text: string): Decimal {
  const match = form.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || text.length > 300 || whole + fraction === '') {
    throw validation(
      `The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text.slice(0, 100)}`}`,
    );
  }
  const significant = (whole + fraction).replace(/^0+/, '');
  const trimmed = significant.replace(/0+$/, '');
  if (trimmed === '') return { digits: 0n, exponent: 0 };
  if (trimmed.length > 38) throw validation('Attempting to store more than 38 significant digits in a Number');
  const exponent = Number(match[4] ?? 0) - fraction.length + (significant.length - trimmed.length);
  const magnitude = exponent + trimmed.length - 1;
  if (magnitude > 125) {
    throw validation('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < -130) {
    throw validation('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  return { digits: BigInt(`${match[1] === '-' ? '-' : ''}${trimmed}`), exponent };
}

function render({ digits, exponent }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString();
  if (exponent >= 0) return sign + text + '0'.repeat(exponent);
  const point = text.length + exponent;
  if (point > 0) return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${text}`;
}

/** The one form in which DynamoDB gives a number back. Throws AwsError. */
export function normalizeNumber(text: string): string {
  return render(parseDecimal(text));
}

export function compareNumbers(a: string, b: string): number {
  const [left, right] = aligned(parseDecimal(a), parseDecimal(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Throws AwsError where the sum does not fit. */
export function addNumbers(a: string, b: string, sign: 1n | -1n = 1n): string {
  const left = parseDecimal(a);
  const right = parseDecimal(b);
  const [x, y, exponent] = aligned(left, right);
  const sum = (x + sign * y).toString();
  return normalizeNumber(`${sum}e${exponent}`);
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = ({ digits, exponent: own }: Decimal): bigint => digits * 10n ** BigInt(own - exponent);
  return [scale(a), scale(b), exponent];
}
