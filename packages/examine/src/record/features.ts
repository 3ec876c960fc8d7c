import {
  type AdblockRule,
  ClamCommand,
  type ClamRecord,
  type DatabaseRecord,
  type RecordFormat,
  type SpamRule,
  SuricataRule,
  type ValueRecord,
  YaraRule,
} from '@avow/formats/record';
import { adblockFeatures } from './adblock.ts';
import { clamavFeatures } from './clamav.ts';
import { dnrFeatures } from './dnr.ts';
import type { RecordFeature } from './model.ts';
import type { Sight } from './sight.ts';
import { spamassassinFeatures } from './spamassassin.ts';
import { suricataFeatures } from './suricata.ts';
import { autoconsentFeatures, falcoFeatures, osqueryFeatures, sigmaFeatures } from './values.ts';
import { yaraFeatures } from './yara.ts';

const UNDISCLOSED: readonly RecordFeature[] = [
  {
    target: 'undisclosed',
    action: 'undisclosed',
    visibility: 'silent',
    destination: 'none',
    reach: 'all',
    decided: ['the format is not disclosed or not known'],
  },
];

const NONE: readonly RecordFeature[] = [];

type Derive = (record: never, sight: Sight) => readonly RecordFeature[];

const DERIVE = {
  clamav: clamavFeatures as (record: ClamRecord, sight: Sight) => readonly RecordFeature[],
  spamassassin: spamassassinFeatures as (
    record: SpamRule,
    sight: Sight,
  ) => readonly RecordFeature[],
  adblock: adblockFeatures as (record: AdblockRule, sight: Sight) => readonly RecordFeature[],
  dnr: dnrFeatures as (record: ValueRecord, sight: Sight) => readonly RecordFeature[],
  yara: yaraFeatures,
  suricata: suricataFeatures,
  sigma: sigmaFeatures,
  falco: falcoFeatures,
  autoconsent: autoconsentFeatures,
  osquery: osqueryFeatures,
  // A format that is known and not read hides nothing: its record is an unknown, and no more.
  opaque: (record: DatabaseRecord) => (record.kind === 'file' ? UNDISCLOSED : NONE),
} satisfies Record<RecordFormat, Derive>;

/**
 * What a record does. A record that was not understood does what nobody can
 * say, so it has none: it is listed as unknown, and only a record whose format
 * is not disclosed says so as a feature.
 */
export function featuresOf(record: DatabaseRecord, sight: Sight): readonly RecordFeature[] {
  if (record.unknown !== undefined && record.format !== 'opaque' && record.kind !== 'cbc')
    return NONE;
  if (record instanceof ClamCommand)
    return record.added === undefined ? NONE : clamavFeatures(record.added, sight);
  if (record.format === 'yara' && !(record instanceof YaraRule)) return NONE;
  if (record.format === 'suricata' && !(record instanceof SuricataRule)) return NONE;
  return (DERIVE[record.format] as (one: DatabaseRecord, sight: Sight) => readonly RecordFeature[])(
    record,
    sight,
  );
}
