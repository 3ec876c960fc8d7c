import { alternativesOf, EITHER, HOLE, joined, NOTHING, type Value } from './value.ts';

/** ECMA-262 (2026), 13.5 to 13.12, over what is known. */
export function binary(
  operator: string,
  left: Value | undefined,
  right: Value | undefined,
): Value | undefined {
  if (operator === '+') {
    if (isNumeric(left) && isNumeric(right)) return Number(left) + Number(right);
    if (typeof left === 'string' || typeof right === 'string') return joined(left, right);
    if (left === undefined || right === undefined) return undefined;
    return joined(left, right);
  }
  if (left === undefined || right === undefined) return undefined;
  if (operator === '===' || operator === '!==') {
    if (typeof left === 'object' || typeof right === 'object') return undefined;
    if (isOpen(left) || isOpen(right)) return undefined;
    return (left === right) === (operator === '===');
  }
  const a = numberOf(left);
  const b = numberOf(right);
  if (a === undefined || b === undefined) return undefined;
  return arithmetic(operator, a, b);
}

function arithmetic(operator: string, a: number, b: number): number | boolean | undefined {
  switch (operator) {
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return a ** b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return a >> b;
    case '>>>':
      return a >>> b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    default:
      return undefined;
  }
}

export function unary(operator: string, value: Value | undefined): Value | undefined {
  if (operator === 'void') return NOTHING;
  if (value === undefined) return undefined;
  if (operator === '!') {
    const truth = truthOf(value);
    return truth === undefined ? undefined : !truth;
  }
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (operator === '-') return -number;
  if (operator === '+') return number;
  return operator === '~' ? ~number : undefined;
}

/** Whether a value counts as true; a text with only holes might be empty. */
export function truthOf(value: Value | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === NOTHING) return false;
  if (typeof value === 'object') return value !== null;
  if (typeof value === 'string' && /^(…|\$\w+)+$/.test(value)) return undefined;
  if (typeof value === 'string' && value.includes(EITHER)) {
    return alternativesOf(value).every((each) => truthOf(each) === true) ? true : undefined;
  }
  return Boolean(value);
}

/** A text that is not known to its last character. */
function isOpen(value: Value): boolean {
  return typeof value === 'string' && (value.includes(HOLE) || value.includes(EITHER));
}

function isNumeric(value: Value | undefined): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || value === null;
}

/** 7.1.4, for what occurs in constants. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (value === null) return 0;
  if (value === NOTHING) return Number.NaN;
  if (typeof value === 'string') return isOpen(value) ? undefined : Number(value);
  return Array.isArray(value) && value.length === 0 ? 0 : undefined;
}
