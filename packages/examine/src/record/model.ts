import type {
  Carries,
  DestinationKind,
  FeatureId,
  RecordAction,
  RecordTarget,
  Visibility,
} from '@avow/declare';

/** For whom or on what a record acts. */
export type ReachKind = 'all' | 'domains' | 'one-file' | 'engine' | 'platform' | 'off';

/**
 * What one record does: it looks at a target, and makes the product act.
 *
 * The same objects serve hundreds of thousands of records that do the same, so
 * they are compared by `key`, never changed.
 */
export interface RecordFeature {
  readonly target: RecordTarget;
  readonly action: RecordAction;
  readonly visibility: Visibility;
  readonly destination: DestinationKind;
  /** A host, a zone, a URL, as the record names it. */
  readonly recipient?: string;
  readonly carries?: Carries;
  readonly reach: ReachKind;
  /** The fields of the record that decided it: `eval check_hashbl_bodyre`, `option raw`. */
  readonly decided: readonly string[];
  /** Of the source, where it is more exact than the target's: `cred.ssh-pgp`. */
  readonly source?: FeatureId;
  /** What the record is for, in words, where its target alone would accuse it. */
  readonly label?: string;
}

export type RecordRank = 'critical' | 'high' | 'medium' | 'low';

const CONFIDENTIAL = new Set<RecordTarget>(['keyword', 'credential', 'pii', 'message', 'document']);
const TAKES = new Set<RecordAction>(['send', 'store-copy', 'inject']);

/**
 * How much a record feature matters to the one whose data it is about.
 *
 * By the project's record reference: confidential data × (send, store,
 * inject) is critical, confidential × silent is high. Held back by one step
 * where what leaves is a digest or a name, by two where it is a network
 * address: a block list asks that of every mail, and its user expects it.
 */
export function rankOf(feature: RecordFeature): RecordRank {
  if (feature.label !== undefined || feature.reach === 'off') return 'low';
  const isConfidential = CONFIDENTIAL.has(feature.target);
  if (isConfidential && TAKES.has(feature.action)) {
    if (feature.carries === 'address') return 'medium';
    return feature.carries === 'digest' || feature.carries === 'name' ? 'high' : 'critical';
  }
  switch (feature.action) {
    case 'send':
      return 'high';
    case 'store-copy':
    case 'weaken':
      return 'high';
    case 'silent':
      return isConfidential ? 'high' : 'low';
    case 'inject':
    case 'log-content':
    case 'undisclosed':
      return 'medium';
    case 'alert':
    case 'switch':
      return feature.target === 'keyword' ? 'medium' : 'low';
    case 'rewrite':
    case 'suppress':
    case 'block':
      return 'low';
    default:
      return feature.action satisfies never;
  }
}

/** Equal for features that say the same; the recipient is part of it, the deciding fields are not. */
export function keyOf(feature: RecordFeature): string {
  const { target, action, visibility, destination, recipient, reach, carries } = feature;
  return [target, action, visibility, destination, recipient ?? '', carries ?? '', reach].join(' ');
}

/** One sentence for people: what a record of this feature does. */
export function sayFeature(feature: RecordFeature): string {
  const to =
    feature.recipient === undefined
      ? ''
      : ` ${feature.action === 'send' ? 'to' : 'for'} ${feature.recipient}`;
  return `${DOES[feature.action]} ${WHAT[feature.target]}${CARRIED[feature.carries ?? 'verbatim']}${to}`;
}

const WHAT: Readonly<Record<RecordTarget, string>> = {
  credential: 'credentials',
  keyword: 'text marked as secret',
  pii: 'personal data',
  message: 'message content',
  document: 'documents',
  page: "a page's content",
  browsing: 'requests of pages',
  traffic: 'network traffic',
  host: 'the host and its processes',
  everything: 'every file',
  'malware-exec': 'programs',
  'hash-only': 'one exact file',
  undisclosed: 'what its maker does not disclose',
};

const DOES: Readonly<Record<RecordAction, string>> = {
  send: 'sends',
  'store-copy': 'keeps a copy of',
  inject: 'runs code in',
  weaken: 'weakens the security of',
  'log-content': 'logs',
  rewrite: 'changes',
  suppress: 'leaves alone',
  switch: 'switches how the engine looks at',
  block: 'blocks',
  silent: 'matches without a report',
  alert: 'reports',
  undisclosed: 'does something undisclosed with',
};

const CARRIED: Readonly<Record<Carries, string>> = {
  verbatim: '',
  digest: ' (a digest of it)',
  name: ' (a name out of it)',
  address: ' (a network address out of it)',
};
