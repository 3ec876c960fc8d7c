import type { ClamRecord } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
import type { Sight, Sighting } from './sight.ts';

/** A report of the scanner: it names the file; what else follows is the consumer's setting. */
function alert(
  target: RecordFeature['target'],
  decided: string,
  reach: RecordFeature['reach'] = 'all',
): RecordFeature {
  return {
    target,
    action: 'alert',
    visibility: 'shown',
    destination: 'local',
    reach,
    decided: [decided],
  };
}

function other(
  target: RecordFeature['target'],
  action: RecordFeature['action'],
  decided: string,
  visibility: RecordFeature['visibility'] = 'silent',
): RecordFeature {
  return { target, action, visibility, destination: 'none', reach: 'all', decided: [decided] };
}

const HASH = [alert('hash-only', 'hash of one file', 'one-file')];
const ALLOW_HASH = [
  { ...other('hash-only', 'suppress', 'fp: hash of one file'), reach: 'one-file' },
] as const;
const BY_TARGET: Readonly<Record<string, readonly RecordFeature[]>> = {
  '0': [alert('everything', 'Target 0')],
  '1': [alert('malware-exec', 'Target 1 (PE)')],
  '2': [alert('document', 'Target 2 (OLE2)')],
  '3': [alert('page', 'Target 3 (HTML)')],
  '4': [alert('message', 'Target 4 (mail)')],
  '5': [alert('everything', 'Target 5 (graphics)')],
  '6': [alert('malware-exec', 'Target 6 (ELF)')],
  '7': [alert('document', 'Target 7 (text)')],
  '9': [alert('malware-exec', 'Target 9 (Mach-O)')],
  '10': [alert('document', 'Target 10 (PDF)')],
  '11': [alert('malware-exec', 'Target 11 (Flash)')],
  '12': [alert('malware-exec', 'Target 12 (Java)')],
};
const SECTION = [alert('malware-exec', 'hash of a section')];
const CONTAINER = [alert('everything', 'metadata of a container')];
const PHISHING = [alert('browsing', 'address shown in a message')];
const ALLOW_ADDRESS = [other('browsing', 'suppress', 'wdb: address')];
const IGNORE = [other('everything', 'suppress', 'ign: name of a signature')];
const TRUST = [other('malware-exec', 'suppress', 'crb: trusted signer')];
const BLOCKED_SIGNER = [alert('malware-exec', 'crb: signer not trusted')];
const SWITCH: Readonly<Record<string, readonly RecordFeature[]>> = {
  type: [other('everything', 'switch', 'ftm: how a file type is recognised')],
  config: [other('everything', 'switch', 'cfg: which parts of the engine run')],
  password: [other('document', 'switch', 'pwdb: password for encrypted archives')],
  icon: [other('malware-exec', 'switch', 'idb: icon for other signatures')],
};
const BYTECODE = [other('undisclosed', 'undisclosed', 'cbc: a program in byte code')];
const WHOLE = [other('undisclosed', 'undisclosed', 'a file that is not interpreted')];

/** What a line of a ClamAV database does. */
export function clamavFeatures(record: ClamRecord, sight: Sight): readonly RecordFeature[] {
  switch (record.shape) {
    case 'hash':
      return record.kind === 'fp' || record.kind === 'sfp' ? ALLOW_HASH : HASH;
    case 'section':
      return SECTION;
    case 'body':
      return ofBody(record, targetOfBody(record), sight);
    case 'plain-body':
      return ofBody(record, '0', sight);
    case 'logical':
      return ofLogical(record, sight);
    case 'container':
      return seenOr(CONTAINER, sight.seen(record.literals()));
    case 'phishing':
      return record.kind === 'wdb' || record.source.startsWith('Y:') ? ALLOW_ADDRESS : PHISHING;
    case 'ignore':
    case 'ignore-line':
      return IGNORE;
    case 'trust':
      return record.fields()[1] === '1' ? TRUST : BLOCKED_SIGNER;
    case 'type':
    case 'config':
    case 'password':
    case 'icon':
      return SWITCH[record.shape]!;
    case 'bytecode':
      return BYTECODE;
    case 'yara':
    case 'script':
    case 'whole':
      return WHOLE;
    default:
      return record.shape satisfies never;
  }
}

function targetOfBody(record: ClamRecord): string {
  const from = record.nameEnd + 1;
  return record.source.slice(from, record.source.indexOf(':', from));
}

function ofBody(record: ClamRecord, target: string, sight: Sight): readonly RecordFeature[] {
  const base = BY_TARGET[target] ?? BY_TARGET['0']!;
  const found = sight.finder.find(SCRATCH, decodeHex(record.source, record.nameEnd));
  return found === undefined ? base : seenOr(base, sight.ofWords(found));
}

function ofLogical(record: ClamRecord, sight: Sight): readonly RecordFeature[] {
  const { source } = record;
  const block = source.slice(record.nameEnd + 1, source.indexOf(';', record.nameEnd + 1));
  const target = /(?:^|,)Target:(\d+)/.exec(block)?.[1] ?? '0';
  const handler = /HandlerType:([^,]+)/.exec(block)?.[1];
  if (handler !== undefined)
    return [{ ...other('everything', 'switch', `HandlerType:${handler}`), reach: 'engine' }];
  const features = ofBody(record, target, sight);
  if (!source.includes('/', record.nameEnd)) return features;
  return seenOr(
    features,
    sight.seen(record.literals().filter(({ written }) => written === 'regex')),
  );
}

/** What its texts look for decides the target; a program as a file type keeps it from being an accusation. */
function seenOr(
  base: readonly RecordFeature[],
  sighting: Sighting | undefined,
): readonly RecordFeature[] {
  if (sighting === undefined) return base;
  return base.map((feature) => {
    const decided = [...feature.decided, sighting.decided];
    if (feature.target === 'malware-exec')
      return {
        ...feature,
        decided,
        label: `detects programs that hold ${sighting.target} texts; reports only`,
      };
    return {
      ...feature,
      target: sighting.target,
      decided,
      ...(sighting.source === undefined ? {} : { source: sighting.source }),
    };
  });
}

/** Bytes of one signature at a time; the longest line is cut to it. */
const SCRATCH = new Uint8Array(4 * 1024 * 1024);

const DIGIT = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value++) {
  DIGIT[value.toString(16).charCodeAt(0)] = value;
  DIGIT[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Pairs of hex digits as bytes, a byte 1 where anything else stands between; how many there are. */
function decodeHex(text: string, from: number): number {
  let length = 0;
  for (let at = from; at < text.length; ) {
    const high = digitAt(text, at);
    const low = high === -1 ? -1 : digitAt(text, at + 1);
    if (low === -1) {
      SCRATCH[length++] = 1;
      at++;
    } else {
      SCRATCH[length++] = (high << 4) | low;
      at += 2;
    }
    if (length === SCRATCH.length) break;
  }
  return length;
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? DIGIT[code]! : -1;
}
