/**
 * What a database record reaches for and what it makes the product do: the
 * words for records that code does not need.
 *
 * Source: the project's record reference, "target × action × visibility ×
 * destination × reach".
 */
export const RECORD_TARGETS = {
  'malware-exec': 'executables and malware',
  document: 'documents',
  keyword: 'words that mark text as secret or official',
  credential: 'passwords, keys and tokens',
  pii: 'personal and payment data',
  message: 'mail and messages',
  page: 'content of web pages',
  browsing: 'pages and addresses visited',
  traffic: 'network traffic',
  host: 'the host, its processes and their arguments',
  'hash-only': 'one exact file',
  everything: 'everything that is scanned',
  undisclosed: 'what its maker does not disclose',
} as const;

export const RECORD_ACTIONS = {
  alert: 'reports a match',
  silent: 'matches without a report',
  suppress: 'suppresses other reports',
  block: 'blocks or deletes',
  'store-copy': 'keeps a copy',
  send: 'sends data elsewhere',
  inject: 'runs code in a page or process',
  weaken: "weakens a page's or system's security",
  'log-content': 'writes content to a log',
  rewrite: 'changes pages or requests',
  switch: 'switches parts of the product on or off',
  undisclosed: 'does what its maker does not disclose',
} as const;

export type RecordTarget = keyof typeof RECORD_TARGETS;
export type RecordAction = keyof typeof RECORD_ACTIONS;
