import type { FeatureId } from './vocabulary.ts';

/** What other vocabularies call a feature. An empty list: that vocabulary has no word for it. */
export interface OtherWords {
  /** Namespaces of mandiant/capa-rules, each there in its rules. */
  readonly capa: readonly string[];
  /** Techniques of MITRE ATT&CK (Enterprise 15). */
  readonly attack: readonly string[];
  /** Behaviours of the Malware Behavior Catalog, as capa's rules name them. */
  readonly mbc: readonly string[];
  /** Data types of Firefox's `data_collection_permissions`. */
  readonly firefox: readonly string[];
  /** Collected data types (`NSPrivacyCollectedDataType` + this) of Apple's privacy manifests. */
  readonly apple: readonly string[];
  /** Permissions of Chrome and WebExtensions manifests. */
  readonly chrome: readonly string[];
  /** Permissions of Deno 2. */
  readonly deno: readonly string[];
}

type Column = keyof OtherWords;
type Row = Readonly<Partial<Record<Column, string>>>;

/** One line a feature; words are separated by spaces. */
const ROWS: Readonly<Record<FeatureId, Row>> = {
  'file.user': {
    capa: 'collection/file-managers host-interaction/file-system/read',
    attack: 'T1005',
    mbc: 'C0051',
    apple: 'OtherUserContent PhotosorVideos',
    chrome: 'fileSystem',
    deno: 'read',
  },
  'file.any': {
    capa: 'host-interaction/file-system/read',
    attack: 'T1005',
    mbc: 'C0051',
    apple: 'OtherUserContent',
    chrome: 'fileSystem',
    deno: 'read',
  },
  'file.enumerate': {
    capa: 'host-interaction/file-system/files/list',
    attack: 'T1083',
    mbc: 'E1083',
    chrome: 'fileSystem',
    deno: 'read',
  },
  'cred.ssh-pgp': {
    capa: 'collection/password-manager',
    attack: 'T1552.004',
    firefox: 'authenticationInfo',
    deno: 'read',
  },
  'cred.cloud': { attack: 'T1552.001 T1552.005', firefox: 'authenticationInfo', deno: 'read env' },
  'cred.dev-token': { attack: 'T1552.001 T1528', firefox: 'authenticationInfo', deno: 'read env' },
  'cred.os-store': {
    capa: 'collection/password-manager',
    attack: 'T1555.001 T1555.004',
    firefox: 'authenticationInfo',
    deno: 'ffi run',
  },
  'cred.app-profile': {
    capa: 'collection/file-managers',
    attack: 'T1555',
    firefox: 'authenticationInfo',
    deno: 'read',
  },
  wallet: {
    capa: 'collection/credit-card',
    attack: 'T1657',
    firefox: 'financialAndPaymentInfo',
    apple: 'PaymentInfo CreditInfo OtherFinancialInfo',
    deno: 'read',
  },
  'env.bulk': {
    capa: 'host-interaction/environment-variable',
    attack: 'T1082',
    mbc: 'C0034',
    firefox: 'technicalAndInteraction',
    deno: 'env',
  },
  'env.named': {
    capa: 'host-interaction/environment-variable',
    attack: 'T1082',
    mbc: 'C0034',
    firefox: 'technicalAndInteraction',
    deno: 'env',
  },
  'browser.cookies': {
    capa: 'collection/browser',
    attack: 'T1539',
    firefox: 'authenticationInfo',
    apple: 'UserID',
    chrome: 'cookies',
    deno: 'read',
  },
  'browser.logins': {
    capa: 'collection/browser',
    attack: 'T1555.003',
    firefox: 'authenticationInfo',
    chrome: 'passwordsPrivate',
    deno: 'read',
  },
  'browser.history': {
    capa: 'collection/browser',
    attack: 'T1217',
    firefox: 'browsingActivity bookmarksInfo searchTerms',
    apple: 'BrowsingHistory SearchHistory',
    chrome: 'history bookmarks tabs topSites sessions webNavigation',
    deno: 'read',
  },
  'browser.storage': {
    capa: 'collection/browser',
    attack: 'T1217',
    firefox: 'websiteContent',
    apple: 'OtherUserContent',
    chrome: 'storage',
    deno: 'read',
  },
  'content.view': {
    capa: 'collection',
    attack: 'T1185',
    firefox: 'websiteContent websiteActivity healthInfo',
    apple: 'OtherUserContent Health Fitness',
    chrome: 'scripting activeTab',
  },
  'content.traffic': {
    capa: 'collection/network',
    attack: 'T1040 T1557',
    firefox: 'websiteActivity browsingActivity',
    chrome: 'webRequest debugger proxy',
  },
  'clipboard.read': {
    capa: 'host-interaction/clipboard',
    attack: 'T1115',
    firefox: 'personallyIdentifyingInfo',
    apple: 'OtherUserContent',
    chrome: 'clipboardRead',
  },
  'input.keys': {
    capa: 'collection/keylog',
    attack: 'T1056.001',
    mbc: 'F0002',
    firefox: 'websiteActivity',
    apple: 'OtherUserContent',
    chrome: 'input',
  },
  screen: {
    capa: 'collection/screenshot',
    attack: 'T1113',
    mbc: 'E1113',
    firefox: 'websiteContent',
    apple: 'OtherUserContent',
    chrome: 'desktopCapture tabCapture',
  },
  microphone: {
    capa: 'collection/microphone',
    attack: 'T1123',
    firefox: 'personalCommunications',
    apple: 'AudioData',
    chrome: 'audioCapture',
  },
  camera: {
    capa: 'collection/webcam',
    attack: 'T1125',
    firefox: 'personallyIdentifyingInfo',
    apple: 'PhotosorVideos',
    chrome: 'videoCapture',
  },
  location: {
    capa: 'collection',
    attack: 'T1614',
    firefox: 'locationInfo',
    apple: 'PreciseLocation CoarseLocation',
    chrome: 'geolocation',
  },
  people: {
    capa: 'collection/database',
    attack: 'T1114',
    firefox: 'personalCommunications personallyIdentifyingInfo',
    apple: 'Contacts EmailsOrTextMessages Name EmailAddress PhoneNumber',
    chrome: 'identity identity.email',
  },
  'device.id': {
    capa: 'host-interaction/hardware',
    attack: 'T1082',
    mbc: 'E1082',
    firefox: 'technicalAndInteraction personallyIdentifyingInfo',
    apple: 'DeviceID',
    chrome: 'enterprise.deviceAttributes',
    deno: 'sys',
  },
  'host.profile': {
    capa: 'host-interaction/os host-interaction/session host-interaction/user',
    attack: 'T1082 T1033',
    mbc: 'E1082',
    firefox: 'technicalAndInteraction',
    apple: 'ProductInteraction PerformanceData CrashData OtherDiagnosticData OtherUsageData',
    chrome: 'system.cpu system.memory management',
    deno: 'sys',
  },
  'net.profile': {
    capa: 'host-interaction/network collection/network',
    attack: 'T1016',
    firefox: 'technicalAndInteraction locationInfo',
    apple: 'OtherDiagnosticData',
    chrome: 'system.network enterprise.networkingAttributes',
    deno: 'sys',
  },
  'process.inspect': {
    capa: 'host-interaction/process/list',
    attack: 'T1057',
    chrome: 'processes',
    deno: 'sys',
  },
  'net.http': {
    capa: 'communication/http',
    attack: 'T1071.001',
    mbc: 'C0002',
    chrome: 'host_permissions',
    deno: 'net',
  },
  'net.websocket': {
    capa: 'communication/websocket',
    attack: 'T1071.001',
    mbc: 'C0001',
    chrome: 'host_permissions',
    deno: 'net',
  },
  'net.tcp': {
    capa: 'communication/tcp communication/socket',
    attack: 'T1095',
    mbc: 'C0001',
    chrome: 'sockets',
    deno: 'net',
  },
  'net.udp-quic': {
    capa: 'communication/socket',
    attack: 'T1095',
    mbc: 'C0001',
    chrome: 'sockets',
    deno: 'net',
  },
  'net.dns': {
    capa: 'communication/dns',
    attack: 'T1071.004',
    mbc: 'C0011',
    chrome: 'dns',
    deno: 'net',
  },
  'net.mail': { capa: 'communication', attack: 'T1071.003', deno: 'net' },
  'net.ftp-ssh': {
    capa: 'communication/ftp',
    attack: 'T1071.002 T1048',
    mbc: 'C0004',
    deno: 'net',
  },
  'net.p2p-rtc-tor': { capa: 'communication/c2', attack: 'T1090.003', deno: 'net' },
  'net.named-service': {
    capa: 'communication/c2',
    attack: 'T1567 T1102',
    mbc: 'B0030',
    chrome: 'gcm',
    deno: 'net',
  },
  'net.url-beacon': {
    capa: 'communication/http',
    attack: 'T1071.001',
    mbc: 'C0002',
    chrome: 'host_permissions',
    deno: 'net',
  },
  'net.listen': {
    capa: 'communication/socket',
    attack: 'T1205',
    mbc: 'C0001',
    chrome: 'sockets',
    deno: 'net',
  },
  'ipc.local': {
    capa: 'communication/named-pipe communication/mailslot',
    attack: 'T1559',
    mbc: 'C0003',
    deno: 'net',
  },
  'ipc.app': {
    capa: 'communication',
    attack: 'T1559',
    chrome: 'nativeMessaging externally_connectable',
  },
  'proc.args-env-stdin': {
    capa: 'host-interaction/process/create',
    attack: 'T1059',
    mbc: 'C0017',
    deno: 'run',
  },
  'file.write': {
    capa: 'host-interaction/file-system/write',
    attack: 'T1074',
    mbc: 'C0052',
    chrome: 'downloads',
    deno: 'write',
  },
  'clipboard.write': {
    capa: 'host-interaction/clipboard',
    attack: 'T1115',
    mbc: 'E1510',
    chrome: 'clipboardWrite',
  },
  'exec.spawn': {
    capa: 'host-interaction/process/create',
    attack: 'T1059 T1106',
    mbc: 'C0017',
    chrome: 'downloads.open',
    deno: 'run',
  },
  'exec.fetched': {
    capa: 'load-code communication/c2/file-transfer',
    attack: 'T1105',
    mbc: 'B0023',
    deno: 'import run',
  },
  'code.eval': { capa: 'load-code', attack: 'T1059.007', chrome: 'unsafe-eval' },
  'code.load': {
    capa: 'load-code linking/runtime-linking',
    attack: 'T1129',
    chrome: 'wasm-unsafe-eval',
    deno: 'ffi import',
  },
  'code.inject': {
    capa: 'host-interaction/process/inject',
    attack: 'T1055',
    mbc: 'E1055',
    chrome: 'scripting userScripts',
  },
  'install.hook': { attack: 'T1195.001 T1546.016' },
  persist: { capa: 'persistence', attack: 'T1547 T1053', mbc: 'F0012', deno: 'write' },
  'update.self-or-db': {
    capa: 'communication/c2/file-transfer',
    attack: 'T1105',
    chrome: 'update_url',
    deno: 'net write',
  },
  'priv.elevate': {
    capa: 'host-interaction/uac host-interaction/process/modify',
    attack: 'T1548',
    deno: 'run',
  },
  'os.config': {
    capa: 'host-interaction/registry host-interaction/firewall',
    attack: 'T1112',
    mbc: 'C0036',
    chrome: 'privacy contentSettings proxy',
    deno: 'write run',
  },
  'security.tamper': {
    capa: 'anti-analysis targeting',
    attack: 'T1562.001',
    mbc: 'F0004',
    chrome: 'declarativeNetRequest',
    deno: 'run',
  },
  'destroy-encrypt': {
    capa: 'impact',
    attack: 'T1485 T1486',
    mbc: 'F0014',
    chrome: 'browsingData',
    deno: 'write',
  },
  'opaque.obfuscated': { capa: 'anti-analysis/obfuscation', attack: 'T1027', mbc: 'B0032' },
  'opaque.unanalysed': { capa: 'anti-analysis/packer', attack: 'T1027.002', mbc: 'F0001' },
  transform: { capa: 'data-manipulation', attack: 'T1132 T1560', mbc: 'C0026 C0027' },
  gated: { capa: 'anti-analysis/anti-vm runtime', attack: 'T1480', mbc: 'B0025' },
};

/** Other vocabularies' words for a feature. */
export function otherWords(feature: FeatureId): OtherWords {
  const row = ROWS[feature];
  const words = (column: Column): readonly string[] => row[column]?.split(' ') ?? [];
  return {
    capa: words('capa'),
    attack: words('attack'),
    mbc: words('mbc'),
    firefox: words('firefox'),
    apple: words('apple'),
    chrome: words('chrome'),
    deno: words('deno'),
  };
}
