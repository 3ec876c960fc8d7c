import type { YaraRule } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
import type { Sight } from './sight.ts';

/** Conditions that only programs meet: MZ, ELF, Mach-O, or a module that reads them. */
const PROGRAM =
  /uint16(?:be)?\s*\(\s*0\s*\)\s*==\s*0x(?:5a4d|4d5a)|uint32(?:be)?\s*\(\s*0\s*\)\s*==\s*0x(?:464c457f|7f454c46|feedface|feedfacf|cafebabe|cefaedfe|cffaedfe|bebafeca)|\b(?:pe|elf|macho|dotnet|dex)\.\w|\bis_?(?:pe|elf|dll|exe)\b/i;
/** PDF, OLE2, ZIP, RTF. */
const DOCUMENT =
  /uint(?:16|32)(?:be)?\s*\(\s*0\s*\)\s*==\s*0x(?:46445025|25504446|e011cfd0|d0cf11e0|cfd0|4b50|504b0304|04034b50|5c7b|74725c7b)\b/i;
const HASH = /hash\.(?:md5|sha1|sha256)\s*\(\s*0\s*,\s*filesize\s*\)\s*==/;
const ANYTHING = /^(?:true|filesize\s*[<>!=]=?\s*\w+)$/;

/** What a YARA rule looks at. Rules only report; what follows is the consumer's. */
export function yaraFeatures(rule: YaraRule, sight: Sight): readonly RecordFeature[] {
  const { condition } = rule.parts;
  const gate = PROGRAM.exec(condition)?.[0];
  const isPrivate = rule.span.isPrivate;
  const action = isPrivate ? 'silent' : 'alert';
  const about = {
    action,
    visibility: isPrivate ? 'silent' : 'shown',
    destination: 'local',
    reach: 'all',
  } as const;
  const sighting = sight.seen(rule.literals());
  if (gate !== undefined) {
    const decided = [`condition ${gate}`, ...(sighting === undefined ? [] : [sighting.decided])];
    const what =
      sighting === undefined
        ? undefined
        : `detects programs that hold ${sighting.target} texts; reports only`;
    return [
      { ...about, target: 'malware-exec', decided, ...(what === undefined ? {} : { label: what }) },
    ];
  }
  if (sighting !== undefined) return [ofSighting(about, sighting)];
  if (HASH.test(condition))
    return [
      { ...about, target: 'hash-only', reach: 'one-file', decided: ['hash of the whole file'] },
    ];
  const document = DOCUMENT.exec(condition)?.[0];
  if (document !== undefined)
    return [{ ...about, target: 'document', decided: [`condition ${document}`] }];
  const decided = ANYTHING.test(condition)
    ? `condition ${condition}`
    : 'no gate on the kind of file';
  return [{ ...about, target: 'everything', decided: [decided] }];
}

/**
 * Without a gate on programs a word is not yet an accusation: most such rules
 * find stealers in scripts. It is labelled for review, except where the word
 * is a mark of secrecy, which no malware needs.
 */
function ofSighting(
  about: Pick<RecordFeature, 'action' | 'visibility' | 'destination' | 'reach'>,
  sighting: NonNullable<ReturnType<Sight['seen']>>,
): RecordFeature {
  const feature: RecordFeature = {
    ...about,
    target: sighting.target,
    decided: [sighting.decided, 'no gate on the kind of file'],
    ...(sighting.source === undefined ? {} : { source: sighting.source }),
  };
  if (sighting.target === 'keyword') return feature;
  return {
    ...feature,
    label: `to review: ${sighting.target} texts in any kind of file; reports only`,
  };
}
