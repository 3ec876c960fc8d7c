import {
  added,
  ListThing,
  PartialText,
  type Run,
  runText,
  Stuck,
  Thing,
  UNKNOWN,
  Unknown,
} from './values.ts';

export function isOpenValue(run: Run): boolean {
  return run instanceof Unknown || run instanceof PartialText;
}

/** Whether it counts as true (ECMA-262, 7.1.2). Throws `Stuck` when that is not known. */
export function isTrue(run: Run): boolean {
  if (run instanceof Unknown) throw new Stuck();
  if (run instanceof PartialText) {
    if (/^[…]*$/.test(run.text)) throw new Stuck();
    return true;
  }
  return typeof run === 'object' ? run !== null : Boolean(run);
}

/** 7.1.4; undefined for what is not known. */
export function runNumber(run: Run): number | undefined {
  if (isOpenValue(run)) return undefined;
  if (run instanceof ListThing) {
    const text = runText(run);
    return typeof text === 'string' ? Number(text) : undefined;
  }
  if (run instanceof Thing) return Number.NaN;
  return Number(run);
}

/** ECMA-262 (2026), 13.5 to 13.12. */
export function binaryRun(operator: string, left: Run, right: Run): Run {
  if (operator === '+') return sum(left, right);
  if (operator === '===' || operator === '!==') {
    if (isOpenValue(left) || isOpenValue(right)) return UNKNOWN;
    return (left === right) === (operator === '===');
  }
  if (operator === '==' || operator === '!=') {
    const same = isLooselySame(left, right);
    return same === undefined ? UNKNOWN : same === (operator === '==');
  }
  if (typeof left === 'string' && typeof right === 'string') {
    const order = left < right ? -1 : left > right ? 1 : 0;
    if (operator === '<') return order < 0;
    if (operator === '>') return order > 0;
    if (operator === '<=') return order <= 0;
    if (operator === '>=') return order >= 0;
  }
  const a = runNumber(left);
  const b = runNumber(right);
  return a === undefined || b === undefined ? UNKNOWN : arithmetic(operator, a, b);
}

function sum(left: Run, right: Run): Run {
  if (isPlain(left) && isPlain(right)) {
    if (typeof left === 'string' || typeof right === 'string') return added(left, right);
    return Number(left) + Number(right);
  }
  const isText = [left, right].some((each) => typeof each === 'string' || each instanceof Thing);
  if (isText || left instanceof PartialText || right instanceof PartialText)
    return added(left, right);
  return UNKNOWN;
}

function isPlain(run: Run): run is string | number | boolean | null | undefined {
  return run === null || typeof run !== 'object';
}

function isLooselySame(left: Run, right: Run): boolean | undefined {
  if (isOpenValue(left) || isOpenValue(right)) return undefined;
  const isNone = (run: Run) => run === null || run === undefined;
  if (isNone(left) || isNone(right)) return isNone(left) && isNone(right);
  if (typeof left === typeof right) return left === right;
  return runNumber(left) === runNumber(right);
}

function arithmetic(operator: string, a: number, b: number): Run {
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
    default:
      return UNKNOWN;
  }
}

export function unaryRun(operator: string, run: Run): Run {
  if (operator === 'void') return undefined;
  if (operator === 'typeof') return typeOf(run);
  if (operator === '!') return run instanceof Unknown ? UNKNOWN : !isTrue(run);
  const number = runNumber(run);
  if (number === undefined) return UNKNOWN;
  if (operator === '-') return -number;
  if (operator === '+') return number;
  return operator === '~' ? ~number : UNKNOWN;
}

function typeOf(run: Run): Run {
  if (run instanceof Unknown) return UNKNOWN;
  if (run instanceof PartialText) return 'string';
  if (run instanceof Thing) return 'node' in run || 'name' in run ? 'function' : 'object';
  return run === null ? 'object' : typeof run;
}
