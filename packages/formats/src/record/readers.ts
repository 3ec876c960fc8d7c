import { adblockReader } from './adblock/reader.ts';
import { clamavReader } from './clamav/lines.ts';
import { autoconsentReader } from './json/autoconsent.ts';
import { dnrReader } from './json/dnr.ts';
import { osqueryReader } from './json/osquery.ts';
import { opaqueReader } from './opaque/reader.ts';
import type { RecordFormat, RecordReader } from './record.ts';
import { spamassassinReader } from './spamassassin/reader.ts';
import { suricataReader } from './suricata/reader.ts';
import { falcoReader } from './yaml/falco.ts';
import { sigmaReader } from './yaml/sigma.ts';
import { yaraReader } from './yara/reader.ts';

/** The reader of each format. */
export const RECORD_READERS: Readonly<Record<RecordFormat, RecordReader>> = {
  clamav: clamavReader,
  spamassassin: spamassassinReader,
  adblock: adblockReader,
  dnr: dnrReader,
  yara: yaraReader,
  suricata: suricataReader,
  sigma: sigmaReader,
  falco: falcoReader,
  autoconsent: autoconsentReader,
  osquery: osqueryReader,
  opaque: opaqueReader,
};
