import { type Found, question } from './reading.ts';

/** Records of databases, as scanners, sensors and lists name them. */
const SURICATA_ALERT = /\[(\d{1,10}):(\d{1,10}):(\d{1,10})\]/;
const SURICATA_TRIPLE = /^(\d{1,10}):(\d{4,10}):(\d{1,10})$/;
const SID = /\bsid\s*[:=]\s*(\d{1,10})/i;
const GID = /\bgid\s*[:=]\s*(\d{1,10})/i;
const REV = /\brev\s*[:=]\s*(\d{1,10})/i;
const CLAMAV =
  /(?:^|\s)((?:[A-Z][A-Za-z0-9]*\.){2,4}[A-Za-z0-9_]+-\d+(?:-\d+)?|[A-Z][A-Za-z]+(?:\.[A-Za-z0-9_]+){1,5}-\d+(?:-\d+)?)(?:\.UNOFFICIAL)?(?:\s+FOUND)?$/;
const YARA = /^(?:rule\s+|yara:\s*)(?:([A-Za-z_]\w*)[:.])?([A-Za-z_]\w{0,127})/i;
const YARA_CLAM = /(?:^|\s)YARA\.([A-Za-z_]\w{0,127})\.UNOFFICIAL(?:\s+FOUND)?$/;
const ADBLOCK = /^(?:@@)?(?:\|\|?[^\s|]+|[^\s#]*#[@?$%]?#\S.*)$/;

export function readRecord(line: string): Found[] | undefined {
  return readSignature(line) ?? readYara(line) ?? readClamav(line) ?? readFilter(line);
}

function readSignature(line: string): Found[] | undefined {
  const triple = SURICATA_ALERT.exec(line) ?? SURICATA_TRIPLE.exec(line);
  if (triple !== null) {
    return [signature(triple[1], triple[2]!, triple[3])];
  }
  const sid = SID.exec(line)?.[1];
  return sid === undefined ? undefined : [signature(GID.exec(line)?.[1], sid, REV.exec(line)?.[1])];
}

/** A sid alone is not a record's id: rule sets share and reuse them. */
function signature(gid: string | undefined, sid: string, rev: string | undefined): Found {
  const questions = [question('signature-id', gid === undefined ? ['gid', 'rev'] : ['rule set'])];
  if (gid === undefined || rev === undefined) return { form: 'signature-id', questions };
  return {
    form: 'signature-id',
    place: { kind: 'rec', id: `${Number(gid)}:${Number(sid)}:${Number(rev)}` },
    questions,
  };
}

function readYara(line: string): Found[] | undefined {
  const clam = YARA_CLAM.exec(line);
  const match = clam === null ? YARA.exec(line) : null;
  const [namespace, name] = clam === null ? [match?.[1], match?.[2]] : [undefined, clam[1]];
  if (name === undefined) return undefined;
  const id = namespace === undefined ? `default:${name}` : `${namespace}:${name}`;
  const choices = namespace === undefined ? [id, 'another namespace'] : [];
  return [
    {
      form: 'yara-rule',
      place: { kind: 'rec', id },
      questions: [question('record-name', choices)],
    },
  ];
}

function readClamav(line: string): Found[] | undefined {
  const name = CLAMAV.exec(line)?.[1];
  if (name === undefined) return undefined;
  return [
    {
      form: 'clamav-name',
      place: { kind: 'rec', id: name },
      questions: [question('record-name')],
    },
  ];
}

/** Filter lists have no ids: the line, bound by the list's digest, is the record's place. */
function readFilter(line: string): Found[] | undefined {
  return ADBLOCK.test(line)
    ? [{ form: 'filter-rule', questions: [question('record-name', ['its line in the list'])] }]
    : undefined;
}
