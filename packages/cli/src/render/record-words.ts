import type { RecordDetail, RecordGroup } from '@avow/examine';

type Said = Pick<
  RecordGroup | RecordDetail,
  'target' | 'action' | 'carries' | 'label' | 'reach'
> & { readonly recipient?: string };

const DOES: Readonly<Record<RecordGroup['action'], string>> = {
  send: 'send',
  'store-copy': 'keep a copy of',
  inject: 'run code in',
  weaken: 'weaken the security of',
  'log-content': 'log',
  rewrite: 'change',
  suppress: 'leave alone',
  switch: 'switch how the engine looks at',
  block: 'block',
  silent: 'match without a report in',
  alert: 'report',
  undisclosed: 'do something undisclosed with',
};

const WHAT: Readonly<Record<RecordGroup['target'], string>> = {
  credential: 'credentials',
  keyword: 'text marked as secret',
  pii: 'personal data',
  message: 'messages',
  document: 'documents',
  page: 'pages',
  browsing: 'requests of pages',
  traffic: 'network traffic',
  host: 'the host and its processes',
  everything: 'files of any kind',
  'malware-exec': 'programs',
  'hash-only': 'one exact file each',
  undisclosed: 'what the maker does not disclose',
};

const CARRIED = {
  verbatim: ', word for word',
  digest: ', as a digest',
  name: ', a name out of them',
  address: ', a network address out of them',
} as const;

const REACHES: Readonly<Partial<Record<RecordGroup['reach'], string>>> = {
  off: ' (switched off)',
  domains: ' on named sites',
};

/** The same of one record: "sends messages to …". */
export function sayOne(said: Said): string {
  const [verb, ...rest] = sayGroup(said).split(' ');
  return [/(?:ch|o)$/.test(verb!) ? `${verb}es` : `${verb}s`, ...rest].join(' ');
}

/** What records of a group do, for people: "send messages to bl.btcblack.it, word for word". */
export function sayGroup({ target, action, carries, label, reach, recipient }: Said): string {
  const how = action === 'send' ? CARRIED[carries ?? 'verbatim'] : '';
  const to = recipient === undefined ? '' : ` ${action === 'send' ? 'to' : 'for'} ${recipient}`;
  const off = REACHES[reach] ?? '';
  return `${DOES[action]} ${WHAT[target]}${to}${how}${off}${label === undefined ? '' : ` — ${label}`}`;
}
