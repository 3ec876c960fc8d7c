import { comBytes, comId } from './com.ts';
import { NAME_KINDS, type NameKind, type RuleFeature, type Statement } from './rule.ts';

/** capa's own limit of a `bytes` feature. */
const MAX_BYTES = 256;

/** Characters of a pattern; the longest of a thousand public rules has 1,100. */
const MAX_PATTERN = 10_000;

/** What parts a value from what it says: `6 = IPPROTO_TCP`. */
const SAYS = ' = ';

/** What is wrong with a feature; the caller knows its place. */
export class FeatureFault extends Error {}

/** A statement for `key: value`. Throws `FeatureFault` for what the language does not have. */
export function featureStatement(key: string, value: string): Statement {
  const counted = /^count\((.*)\)$/s.exec(key)?.[1];
  if (counted !== undefined) return countStatement(counted, value);
  const com = /^com\/(.+)$/.exec(key)?.[1];
  if (com !== undefined) return comStatement(com, bare(value));
  return { kind: 'feature', feature: featureOf(key, value) };
}

/** One feature, its value as written. */
function featureOf(key: string, value: string): RuleFeature {
  if (key === 'string') return stringFeature(value);
  if (key === 'bytes') return bytesFeature(bare(value));
  if (key === 'basic blocks' || key === 'basic block') return { kind: 'basic blocks' };
  const number = /^(number|offset)(?:\/x(32|64))?$/.exec(key);
  if (number !== null) {
    const kind = number[1] as 'number' | 'offset';
    const exact = integerOf(bare(value));
    return number[2] === undefined
      ? { kind, value: exact }
      : { kind, value: exact, bits: number[2] === '32' ? 32 : 64 };
  }
  const operand = /^operand\[(\d)\]\.(number|offset)$/.exec(key);
  if (operand !== null) {
    const kind = operand[2] as 'number' | 'offset';
    return { kind, value: integerOf(bare(value)), operand: Number(operand[1]) };
  }
  const access = /^property\/(read|write)$/.exec(key)?.[1];
  if (access !== undefined) return { kind: 'property', value: `${access} ${bare(value)}` };
  if (!isNameKind(key)) throw new FeatureFault(`the language has no feature ${key}`);
  const name = key === 'substring' ? value : bare(value);
  if (name === '') throw new FeatureFault(`${key} has no value`);
  return { kind: key, value: key === 'api' ? withoutLibrary(name) : name };
}

function isNameKind(key: string): key is NameKind {
  return (NAME_KINDS as readonly string[]).includes(key);
}

/** The value without what it says to people. */
function bare(value: string): string {
  const at = value.indexOf(SAYS);
  return at < 0 ? value : value.slice(0, at).trim();
}

function stringFeature(value: string): RuleFeature {
  const pattern = /^\/(.*)\/(i?)$/s.exec(value);
  if (pattern === null) return { kind: 'string', value };
  if (value.length > MAX_PATTERN) {
    throw new FeatureFault(`a pattern of ${value.length} characters, above ${MAX_PATTERN}`);
  }
  return { kind: 'regex', value: pattern[1]!, ignoresCase: pattern[2] === 'i' };
}

function bytesFeature(value: string): RuleFeature {
  const hex = value.replaceAll(/\s+/g, '').toLowerCase();
  if (hex === '' || hex.length % 2 !== 0 || /[^0-9a-f]/.test(hex)) {
    throw new FeatureFault(`bytes are to be pairs of hex digits: ${value.slice(0, 60)}`);
  }
  if (hex.length > MAX_BYTES * 2) {
    throw new FeatureFault(`${hex.length / 2} bytes, above ${MAX_BYTES}`);
  }
  return { kind: 'bytes', value: hex };
}

/** Decimal digits of an integer that is written in decimal or in hex. */
function integerOf(value: string): string {
  const found = /^(-?)(0x[0-9a-f]{1,20}|\d{1,20})$/i.exec(value.trim());
  if (found === null) throw new FeatureFault(`not an integer: ${value.slice(0, 60)}`);
  const size = BigInt(found[2]!);
  return `${found[1] === '-' ? -size : size}`;
}

/** `kernel32.CreateFileA` is about any library's `CreateFileA`; an ordinal says nothing without it. */
function withoutLibrary(name: string): string {
  if (name.includes('.#') || name.includes('::')) return name;
  const parts = name.split('.');
  return parts.length === 2 && parts[1] !== '' ? parts[1]! : name;
}

/** `count(mnemonic(shr)): 2 or more`, `(2, 10)`, `3 or fewer`, `5`. */
function countStatement(term: string, value: string): Statement {
  const found = /^([^(]+)(?:\((.*)\))?$/s.exec(term);
  if (found === null) throw new FeatureFault(`not a feature to count: ${term.slice(0, 60)}`);
  const [, key, argument = ''] = found;
  const feature = featureOf(key!, argument);
  const bounds = boundsOf(bare(value).trim());
  return { kind: 'count', feature, ...bounds };
}

function boundsOf(value: string): { readonly least: number; readonly most?: number } {
  const some = /^(\S+) or (more|fewer)$/.exec(value);
  if (some?.[2] === 'more') return { least: countOf(some[1]!) };
  if (some !== null) return { least: 0, most: countOf(some[1]!) };
  const range = /^\(\s*([^,\s]*)\s*,\s*([^)\s]*)\s*\)$/.exec(value);
  if (range === null) return { least: countOf(value), most: countOf(value) };
  const least = range[1] === '' ? 0 : countOf(range[1]!);
  if (range[2] === '') return { least };
  const most = countOf(range[2]!);
  if (most < least) throw new FeatureFault(`a range that ends before it begins: ${value}`);
  return { least, most };
}

function countOf(value: string): number {
  const count = Number(integerOf(value));
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new FeatureFault(`not a count: ${value}`);
}

/** A class or interface is its id, as a text or in memory. */
function comStatement(of: string, name: string): Statement {
  if (of !== 'class' && of !== 'interface') throw new FeatureFault(`COM has no ${of}`);
  const id = comId(of, name);
  if (id === undefined) throw new FeatureFault(`the id of the COM ${of} ${name} is not known here`);
  const features: RuleFeature[] = [
    { kind: 'string', value: id },
    { kind: 'string', value: id.toLowerCase() },
    { kind: 'bytes', value: comBytes(id) },
  ];
  return { kind: 'or', children: features.map((feature) => ({ kind: 'feature', feature })) };
}

/** For people: `api socket`, `number 0x6`, `string "HOME"`. */
export function shownFeature(feature: RuleFeature): string {
  switch (feature.kind) {
    case 'basic blocks':
      return 'basic blocks';
    case 'regex':
      return `string /${feature.value}/${feature.ignoresCase ? 'i' : ''}`;
    case 'bytes':
      return `bytes ${feature.value}`;
    case 'number':
    case 'offset': {
      const { kind, value, bits, operand } = feature;
      const size = BigInt(value);
      const hex = size < 0n ? `-0x${(-size).toString(16)}` : `0x${size.toString(16)}`;
      const where = operand === undefined ? kind : `operand[${operand}].${kind}`;
      return `${where}${bits === undefined ? '' : `/x${bits}`} ${hex}`;
    }
    case 'string':
    case 'substring':
      return `${feature.kind} ${JSON.stringify(feature.value)}`;
    default:
      return `${feature.kind} ${feature.value}`;
  }
}
