/**
 * What software can do: the one vocabulary of declarations and examinations.
 *
 * Sixty ids in four groups; the number is stable and orders results. Source:
 * the project's feature reference, which merges the vocabularies of capa,
 * malcontent, js-x-ray, GuardDog, Capslock, Deno, LavaMoat and cackle.
 */
export type FeatureGroup = 'source' | 'destination' | 'power' | 'qualifier';

export interface FeatureWord {
  readonly number: number;
  readonly group: FeatureGroup;
  /** For people: a verb phrase that follows "this product". */
  readonly says: string;
}

export const VOCABULARY = {
  'file.user': { number: 1, group: 'source', says: "reads the user's documents or home" },
  'file.any': { number: 2, group: 'source', says: 'reads files' },
  'file.enumerate': { number: 3, group: 'source', says: 'lists folders' },
  'cred.ssh-pgp': { number: 4, group: 'source', says: 'reads SSH or PGP keys' },
  'cred.cloud': { number: 5, group: 'source', says: 'reads cloud credentials' },
  'cred.dev-token': { number: 6, group: 'source', says: 'reads developer tokens' },
  'cred.os-store': { number: 7, group: 'source', says: "reads the system's credential store" },
  'cred.app-profile': {
    number: 8,
    group: 'source',
    says: 'reads credentials of other applications',
  },
  wallet: { number: 9, group: 'source', says: 'reads cryptocurrency wallets' },
  'env.bulk': { number: 10, group: 'source', says: 'reads the whole environment' },
  'env.named': { number: 11, group: 'source', says: 'reads an environment variable' },
  'browser.cookies': { number: 12, group: 'source', says: 'reads browser cookies' },
  'browser.logins': { number: 13, group: 'source', says: 'reads saved browser logins' },
  'browser.history': {
    number: 14,
    group: 'source',
    says: 'reads browsing history, bookmarks or tabs',
  },
  'browser.storage': { number: 15, group: 'source', says: 'reads browser storage' },
  'content.view': {
    number: 16,
    group: 'source',
    says: 'reads what the user sees or types in a page or editor',
  },
  'content.traffic': { number: 17, group: 'source', says: 'reads network traffic' },
  'clipboard.read': { number: 18, group: 'source', says: 'reads the clipboard' },
  'input.keys': { number: 19, group: 'source', says: 'observes keys pressed' },
  screen: { number: 20, group: 'source', says: 'captures the screen' },
  microphone: { number: 21, group: 'source', says: 'records sound' },
  camera: { number: 22, group: 'source', says: 'records pictures' },
  location: { number: 23, group: 'source', says: 'reads the location' },
  people: { number: 24, group: 'source', says: 'reads contacts, calendars or messages' },
  'device.id': { number: 25, group: 'source', says: 'reads device identifiers' },
  'host.profile': { number: 26, group: 'source', says: 'reads facts about the host and its user' },
  'net.profile': { number: 27, group: 'source', says: 'reads network configuration' },
  'process.inspect': { number: 28, group: 'source', says: 'inspects other processes' },
  'net.http': { number: 29, group: 'destination', says: 'speaks HTTP' },
  'net.websocket': { number: 30, group: 'destination', says: 'opens WebSockets' },
  'net.tcp': { number: 31, group: 'destination', says: 'opens TCP connections' },
  'net.udp-quic': { number: 32, group: 'destination', says: 'sends UDP or QUIC' },
  'net.dns': { number: 33, group: 'destination', says: 'resolves names' },
  'net.mail': { number: 34, group: 'destination', says: 'sends mail' },
  'net.ftp-ssh': { number: 35, group: 'destination', says: 'speaks FTP or SSH' },
  'net.p2p-rtc-tor': { number: 36, group: 'destination', says: 'connects peer to peer' },
  'net.named-service': { number: 37, group: 'destination', says: 'sends to a named service' },
  'net.url-beacon': { number: 38, group: 'destination', says: 'loads a URL that carries data' },
  'net.listen': { number: 39, group: 'destination', says: 'listens on the network' },
  'ipc.local': { number: 40, group: 'destination', says: 'talks to local processes' },
  'ipc.app': { number: 41, group: 'destination', says: 'talks to other parts of an application' },
  'proc.args-env-stdin': {
    number: 42,
    group: 'destination',
    says: 'hands data to a child process',
  },
  'file.write': { number: 43, group: 'destination', says: 'writes files' },
  'clipboard.write': { number: 44, group: 'destination', says: 'writes the clipboard' },
  'exec.spawn': { number: 45, group: 'power', says: 'runs programs' },
  'exec.fetched': { number: 46, group: 'power', says: 'runs what it fetched' },
  'code.eval': { number: 47, group: 'power', says: 'evaluates text as code' },
  'code.load': { number: 48, group: 'power', says: 'loads code chosen at run time' },
  'code.inject': { number: 49, group: 'power', says: 'injects code elsewhere' },
  'install.hook': { number: 50, group: 'power', says: 'runs at installation' },
  persist: { number: 51, group: 'power', says: 'survives restarts' },
  'update.self-or-db': { number: 52, group: 'power', says: 'updates itself or its database' },
  'priv.elevate': { number: 53, group: 'power', says: 'raises its privileges' },
  'os.config': { number: 54, group: 'power', says: 'changes system configuration' },
  'security.tamper': { number: 55, group: 'power', says: 'tampers with security tools' },
  'destroy-encrypt': { number: 56, group: 'power', says: 'destroys or encrypts data' },
  'opaque.obfuscated': { number: 57, group: 'qualifier', says: 'is obfuscated' },
  'opaque.unanalysed': { number: 58, group: 'qualifier', says: 'could not be analysed' },
  transform: { number: 59, group: 'qualifier', says: 'encodes, compresses or encrypts' },
  gated: { number: 60, group: 'qualifier', says: 'is decided by something outside' },
} as const satisfies Record<string, FeatureWord>;

export type FeatureId = keyof typeof VOCABULARY;

export function isFeatureId(text: string): text is FeatureId {
  return Object.hasOwn(VOCABULARY, text);
}
