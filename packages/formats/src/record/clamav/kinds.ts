import { HEX_VALUE, hexFault } from './hex.ts';

/**
 * The line types of a ClamAV database by file extension (manual, "Signature
 * Writing"; libclamav/readdb.c). A final `u` is the same type for potentially
 * unwanted applications.
 */
export type ClamShape =
  | 'body'
  | 'plain-body'
  | 'logical'
  | 'hash'
  | 'section'
  | 'container'
  | 'phishing'
  | 'ignore'
  | 'ignore-line'
  | 'type'
  | 'config'
  | 'trust'
  | 'password'
  | 'icon'
  | 'bytecode'
  | 'yara'
  | 'script'
  | 'whole';

export const CLAM_KINDS: Readonly<Record<string, ClamShape>> = {
  db: 'plain-body',
  ndb: 'body',
  ndu: 'body',
  sdb: 'body',
  ldb: 'logical',
  ldu: 'logical',
  hdb: 'hash',
  hdu: 'hash',
  hsb: 'hash',
  hsu: 'hash',
  fp: 'hash',
  sfp: 'hash',
  imp: 'hash',
  mdb: 'section',
  mdu: 'section',
  msb: 'section',
  msu: 'section',
  cdb: 'container',
  pdb: 'phishing',
  wdb: 'phishing',
  gdb: 'phishing',
  ign: 'ignore-line',
  ign2: 'ignore',
  ftm: 'type',
  cfg: 'config',
  crb: 'trust',
  pwdb: 'password',
  idb: 'icon',
  cbc: 'bytecode',
  yar: 'yara',
  yara: 'yara',
  script: 'script',
  ioc: 'whole',
  cat: 'whole',
};

/** Where a line's name stands and what is wrong with the line; reused, so take what is to be kept. */
export interface ClamLine {
  nameFrom: number;
  nameTo: number;
  fault: string | undefined;
}

/** Reads one line of a shape into `into`. */
export function readClamLine(shape: ClamShape, text: string, into: ClamLine): void {
  into.nameFrom = 0;
  into.nameTo = 0;
  into.fault = undefined;
  switch (shape) {
    case 'body':
      readBody(text, into);
      return;
    case 'hash':
      readHash(text, into, 0, 1);
      return;
    case 'section':
      readHash(text, into, 1, 0);
      return;
    case 'logical':
      readLogical(text, into);
      return;
    case 'plain-body': {
      const equals = text.indexOf('=');
      into.nameTo = Math.max(equals, 0);
      into.fault = equals < 1 ? 'no name' : hexFault(text, equals + 1, text.length);
      return;
    }
    default:
      readFields(shape, text, into);
      return;
  }
}

/** `Name:Target:Offset:Hex[:minFL[:maxFL]]` */
function readBody(text: string, into: ClamLine): void {
  const target = text.indexOf(':') + 1;
  const offset = target === 0 ? 0 : text.indexOf(':', target) + 1;
  const body = offset === 0 ? 0 : text.indexOf(':', offset) + 1;
  if (body === 0 || target < 2) {
    into.fault = 'fewer than four fields';
    return;
  }
  into.nameTo = target - 1;
  if (!areDigits(text, target, offset - 1)) {
    into.fault = 'the target type is no number';
    return;
  }
  if (!isOffset(text, offset, body - 1)) {
    into.fault = `offset ${JSON.stringify(text.slice(offset, body - 1))}`;
    return;
  }
  const levels = text.indexOf(':', body);
  into.fault = hexFault(text, body, levels === -1 ? text.length : levels);
  if (into.fault === undefined && levels !== -1) into.fault = levelFault(text, levels + 1);
}

const OFFSET = /^(?:\*|\d+|EOF-\d+|EP[+-]\d+|S\d+\+\d+|SL\+\d+|SE\d+|VI|\$\d+)(?:,\d+)?$/;

function isOffset(text: string, from: number, to: number): boolean {
  if (to === from + 1 && text.charCodeAt(from) === 42) return true;
  return areDigits(text, from, to) || OFFSET.test(text.slice(from, to));
}

/** `hash:size:Name[:minFL[:maxFL]]`, or `size:hash:Name`; the size may be `*`. */
function readHash(text: string, into: ClamLine, hashField: number, sizeField: number): void {
  const second = text.indexOf(':') + 1;
  const name = second === 0 ? 0 : text.indexOf(':', second) + 1;
  if (name === 0) {
    into.fault = 'fewer than three fields';
    return;
  }
  const end = text.indexOf(':', name);
  into.nameFrom = name;
  into.nameTo = end === -1 ? text.length : end;
  const hashFrom = hashField === 0 ? 0 : second;
  const hashTo = hashField === 0 ? second - 1 : name - 1;
  const sizeFrom = sizeField === 0 ? 0 : second;
  const sizeTo = sizeField === 0 ? second - 1 : name - 1;
  const digits = hashTo - hashFrom;
  if ((digits !== 32 && digits !== 40 && digits !== 64) || !isHex(text, hashFrom, hashTo)) {
    into.fault = `${digits} characters where an MD5, SHA-1 or SHA-256 belongs`;
  } else if (
    !areDigits(text, sizeFrom, sizeTo) &&
    !(sizeTo === sizeFrom + 1 && text.charCodeAt(sizeFrom) === 42)
  ) {
    into.fault = 'the size is no number';
  } else if (into.nameTo === name) {
    into.fault = 'no name';
  } else if (end !== -1) {
    into.fault = levelFault(text, end + 1);
  }
}

/** `Name;TDB;Expression;Sub0;Sub1…`: at most 64 subsignatures. */
function readLogical(text: string, into: ClamLine): void {
  const target = text.indexOf(';') + 1;
  const expression = target === 0 ? 0 : text.indexOf(';', target) + 1;
  const first = expression === 0 ? 0 : text.indexOf(';', expression) + 1;
  if (first === 0 || target < 2) {
    into.fault = 'fewer than four fields';
    return;
  }
  into.nameTo = target - 1;
  if (!/^[\d&|()=<>,!\s]+$/.test(text.slice(expression, first - 1))) {
    into.fault = `expression ${JSON.stringify(text.slice(expression, first - 1))}`;
    return;
  }
  let subs = 0;
  for (let at = first; at <= text.length; subs++) {
    const next = text.indexOf(';', at);
    const end = next === -1 ? text.length : next;
    into.fault = subsignatureFault(text, at, end);
    if (into.fault !== undefined) return;
    at = end + 1;
  }
  if (subs > 64) into.fault = `${subs} subsignatures, of 64 at most`;
}

const FUZZY = /^fuzzy_img#[0-9a-f]{16}(?:#\d+)?$/i;
const BYTE_COMPARE = /^\d+\((?:>>|<<)?-?\d+#[^#]*#[^#]*\)$/;
const MACRO = /^\$\{[\d,-]+\}\d+\$$/;

function subsignatureFault(text: string, from: number, to: number): string | undefined {
  if (from === to) return 'an empty subsignature';
  const colon = text.indexOf(':', from);
  if (colon === -1 || colon >= to) {
    const fault = hexFault(text, from, to);
    if (fault === undefined) return undefined;
    const sub = text.slice(from, to);
    if (sub.includes('/') || FUZZY.test(sub) || BYTE_COMPARE.test(sub) || MACRO.test(sub))
      return undefined;
    return fault;
  }
  const sub = text.slice(from, to);
  if (sub.includes('/')) return undefined;
  const options = sub.indexOf('::');
  const main = options === -1 ? sub : sub.slice(0, options);
  if (options !== -1 && !/^[iwfa]+$/.test(sub.slice(options + 2))) return 'subsignature options';
  const at = main.indexOf(':');
  if (at !== -1 && !OFFSET.test(main.slice(0, at))) return `offset ${main.slice(0, at)}`;
  return MACRO.test(main.slice(at + 1))
    ? undefined
    : hexFault(main, at === -1 ? 0 : at + 1, main.length);
}

interface FieldShape {
  readonly separator: string;
  readonly least: number;
  readonly most: number;
  /** Field that names the record; undefined where lines have no name. */
  readonly name: number | undefined;
}

const FIELDS: Readonly<Partial<Record<ClamShape, FieldShape>>> = {
  container: { separator: ':', least: 10, most: 12, name: 0 },
  // The match of a phishing line is a host or a regex that may hold colons.
  phishing: { separator: ':', least: 2, most: 64, name: undefined },
  ignore: { separator: ':', least: 1, most: 2, name: 0 },
  'ignore-line': { separator: ':', least: 3, most: 3, name: 2 },
  type: { separator: ':', least: 6, most: 8, name: 3 },
  config: { separator: ':', least: 2, most: 4, name: 0 },
  trust: { separator: ';', least: 9, most: 13, name: 0 },
  password: { separator: ';', least: 4, most: 4, name: 0 },
  icon: { separator: ':', least: 4, most: 4, name: 0 },
};

function readFields(shape: ClamShape, text: string, into: ClamLine): void {
  const wanted = FIELDS[shape];
  if (wanted === undefined) {
    into.fault = 'no lines of this type are known';
    return;
  }
  const fields = text.split(wanted.separator);
  if (fields.length < wanted.least || fields.length > wanted.most) {
    into.fault = `${fields.length} fields, where ${wanted.least} to ${wanted.most} belong`;
  } else if (shape === 'phishing' && !/^(?:[RHXMY]|S[12]?)\d*(?:-\d*)?$/.test(fields[0]!)) {
    into.fault = `line starts with ${JSON.stringify(fields[0])}`;
  }
  if (wanted.name === undefined) return;
  for (let field = 0; field < wanted.name && field < fields.length; field++)
    into.nameFrom += fields[field]!.length + 1;
  into.nameTo = into.nameFrom + (fields[wanted.name]?.length ?? 0);
}

function levelFault(text: string, from: number): string | undefined {
  const separator = text.indexOf(':', from);
  const fits =
    separator === -1
      ? areDigits(text, from, text.length)
      : (separator === from || areDigits(text, from, separator)) &&
        (separator + 1 === text.length || areDigits(text, separator + 1, text.length));
  return fits ? undefined : `functionality level ${JSON.stringify(text.slice(from))}`;
}

function areDigits(text: string, from: number, to: number): boolean {
  if (from >= to) return false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function isHex(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code > 255 || HEX_VALUE[code]! > 15) return false;
  }
  return true;
}
