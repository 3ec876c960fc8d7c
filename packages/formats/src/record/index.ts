export { AdblockRule } from './adblock/rule.ts';
export { applyCdiff, type Cdiff, type CdiffStep, readCdiff } from './clamav/cdiff.ts';
export {
  type ClamCheck,
  type ClamCheckState,
  type Cvd,
  type CvdHeader,
  isCvd,
  openCvd,
} from './clamav/cvd.ts';
export { type ExternalState, externalState, isExternallySigned } from './clamav/external.ts';
export { CLAMAV_KEYS, CLAMAV_TRUST, type ClamKeys, type ClamTrust } from './clamav/keys.ts';
export { CLAM_KINDS, type ClamShape } from './clamav/kinds.ts';
export { extensionOf } from './clamav/lines.ts';
export { ClamRecord } from './clamav/record.ts';
export { ClamCommand } from './clamav/script.ts';
export type { FoundDatabase, ProductMember } from './found.ts';
export { ValueRecord } from './json/record.ts';
export { OpaqueRecord, stringsOf } from './opaque/reader.ts';
export { RECORD_READERS } from './readers.ts';
export { databasesIn, formatOf } from './recognise.ts';
export * from './record.ts';
export { type SettingKind, settingKind } from './spamassassin/directives.ts';
export { spamContext } from './spamassassin/reader.ts';
export { type EvalCall, SpamRule } from './spamassassin/rule.ts';
export { SuricataRule } from './suricata/reader.ts';
export { contentText, type SuricataOption } from './suricata/rule.ts';
export type { YaraParts, YaraPattern } from './yara/parts.ts';
export { YaraRule } from './yara/reader.ts';
