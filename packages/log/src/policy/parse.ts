import { hexOf, Refused, utf8Text } from '@avow/bytes';
import { type KeyType, parseVerifierKey, type VerifierKey } from '../note/key.ts';
import {
  LOG_KEY_TYPES,
  type Policy,
  type PolicyGroup,
  type PolicyLog,
  type PolicyWitness,
  WITNESS_KEY_TYPES,
} from './policy.ts';

/** Far above the 32 of each that the spec asks readers to take. */
const MAX_LINES = 4096;

/** A policy as its lines build it up. */
interface Draft {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  readonly publicKeys: Set<string>;
  readonly names: Set<string>;
  readonly members: Set<string>;
  quorum: string | undefined;
  hasQuorum: boolean;
}

/** Why a line cannot stand, or undefined. */
type Fault = string | undefined;

/**
 * Reads a tlog-policy file: `log`, `witness`, `group` and one `quorum` line.
 *
 * Refuses `policy.malformed` with every faulty line at once. Names refer to
 * earlier lines only; a key may stand once, a name be a member once.
 */
export function parsePolicy(bytes: Uint8Array): Policy {
  const text = utf8Text(bytes);
  if (text === undefined || /[^\t\n -~\u0080-\u{10ffff}]/u.test(text)) {
    throw new Refused('policy.malformed', undefined, 'not UTF-8 text, or a control character');
  }
  const lines = text.split('\n');
  if (lines.length > MAX_LINES) {
    throw new Refused('policy.malformed', undefined, `more than ${MAX_LINES} lines`);
  }
  const draft: Draft = {
    logs: [],
    witnesses: [],
    groups: [],
    publicKeys: new Set(),
    names: new Set(),
    members: new Set(),
    quorum: undefined,
    hasQuorum: false,
  };
  const faults: string[] = [];
  for (const [index, line] of lines.entries()) {
    const fields = line.split(/[ \t]+/).filter((field) => field !== '');
    if (line.startsWith('#') || fields.length === 0) continue;
    const fault = readLine(draft, fields);
    if (fault !== undefined) faults.push(`line ${index + 1}: ${fault}`);
  }
  if (!draft.hasQuorum) faults.push('there is no quorum line');
  if (faults.length > 0) throw new Refused('policy.malformed', undefined, faults.join('; '));
  const { logs, witnesses, groups, quorum } = draft;
  return { logs, witnesses, groups, quorum };
}

function readLine(draft: Draft, [kind, ...fields]: readonly string[]): Fault {
  switch (kind) {
    case 'log':
      return readLog(draft, fields);
    case 'witness':
      return readWitness(draft, fields);
    case 'group':
      return readGroup(draft, fields);
    case 'quorum':
      return readQuorum(draft, fields);
    default:
      return `unknown word ${JSON.stringify(kind?.slice(0, 40))}`;
  }
}

function readLog(draft: Draft, fields: readonly string[]): Fault {
  const [vkey = '', url] = fields;
  if (fields.length < 1 || fields.length > 2) return 'log takes a key and perhaps a URL';
  const key = keyOf(draft, vkey, LOG_KEY_TYPES);
  if (typeof key === 'string') return key;
  draft.logs.push(url === undefined ? { key } : { key, url });
}

function readWitness(draft: Draft, fields: readonly string[]): Fault {
  const [name = '', vkey = '', url] = fields;
  if (fields.length < 2 || fields.length > 3)
    return 'witness takes a name, a key and perhaps a URL';
  const nameFault = takeName(draft, name);
  if (nameFault !== undefined) return nameFault;
  const key = keyOf(draft, vkey, WITNESS_KEY_TYPES);
  if (typeof key === 'string') return key;
  draft.witnesses.push(url === undefined ? { name, key } : { name, key, url });
}

function readGroup(draft: Draft, fields: readonly string[]): Fault {
  const [name = '', threshold = '', ...members] = fields;
  if (members.length === 0) return 'group takes a name, all, any or a number, and members';
  for (const member of members) {
    if (!draft.names.has(member)) return `no witness or group ${member} before this line`;
    if (draft.members.has(member)) return `${member} is a member already`;
    draft.members.add(member);
  }
  const wanted = { all: members.length, any: 1 }[threshold] ?? thresholdOf(threshold);
  if (wanted === undefined || wanted > members.length) return `threshold ${threshold}`;
  const nameFault = takeName(draft, name);
  if (nameFault !== undefined) return nameFault;
  draft.groups.push({ name, threshold: wanted, members });
}

function readQuorum(draft: Draft, fields: readonly string[]): Fault {
  const [name = ''] = fields;
  if (fields.length !== 1) return 'quorum takes one name, or none';
  if (draft.hasQuorum) return 'a second quorum';
  draft.hasQuorum = true;
  if (name === 'none') return undefined;
  if (!draft.names.has(name)) return `no witness or group ${name} before this line`;
  draft.quorum = name;
}

function thresholdOf(text: string): number | undefined {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
}

function takeName(draft: Draft, name: string): Fault {
  if (name === 'none' || draft.names.has(name)) return `the name ${name} is taken`;
  draft.names.add(name);
}

function keyOf(draft: Draft, vkey: string, types: readonly KeyType[]): VerifierKey | string {
  let key: VerifierKey;
  try {
    key = parseVerifierKey(vkey);
  } catch (error) {
    if (error instanceof Refused) return `key: ${error.found}`;
    throw error;
  }
  if (!types.includes(key.type))
    return `a key of type ${key.type} where ${types.join(' or ')} is due`;
  // One operator under two names would count twice towards a quorum.
  const publicKey = hexOf(key.publicKey);
  if (draft.publicKeys.has(publicKey)) return `the public key of ${key.name} stands twice`;
  draft.publicKeys.add(publicKey);
  return key;
}
