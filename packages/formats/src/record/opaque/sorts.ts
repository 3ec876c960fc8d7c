import { latin1Text } from '@avow/bytes';

/** A database whose format is known and whose records are not read. */
export interface OpaqueSort {
  readonly name: string;
  /** The update number that the file states; `` where it states none. */
  readonly update: string;
}

interface SortShape {
  readonly names: RegExp;
  /** All of them stand in the file's beginning or end. */
  readonly marks: readonly RegExp[];
  readonly update?: RegExp;
  /** What comes first of a record: a number behind it is not the file's. */
  readonly before?: RegExp;
}

const JSON_NAME = /\.json$/i;
const XML_NAME = /\.xml$/i;

/**
 * How each is told, by content. The number: CRLSet `Sequence` (Chromium,
 * net/cert/crl_set.cc), OVAL `generator/timestamp` (OVAL 5.11), XCCDF
 * `version` (1.2, 6.2.1), STIX 1 `timestamp`, MISP `Event.timestamp` (MISP
 * core format), Remote Settings `timestamp` of a collection, the version that
 * rules of the ModSecurity core set carry. STIX 2 bundles and Semgrep rules
 * have none.
 */
const SORTS: Readonly<Record<string, SortShape>> = {
  crlset: {
    names: /(?:^|\/)crl-set$|\.crlset$/i,
    marks: [/^[\s\S]{2}\{/, /"ContentType"\s*:\s*"CRLSet"/],
    update: /"Sequence"\s*:\s*(\d+)/,
  },
  oval: {
    names: XML_NAME,
    marks: [/<(?:[\w-]+:)?oval_definitions[\s>]/],
    update: /<(?:[\w-]+:)?timestamp>\s*([^<\s]+)/,
  },
  xccdf: {
    names: XML_NAME,
    marks: [/<(?:[\w-]+:)?(?:Benchmark|data-stream-collection)[\s>]/, /xccdf|scap/i],
    update:
      /<(?:[\w-]+:)?version(?:\s[^<>]*)?>\s*([^<\s]+)\s*<|<(?:[\w-]+:)?data-stream\s[^<>]*\btimestamp="([^"]+)"/,
  },
  stix: {
    names: /\.(?:json|stix|xml)$/i,
    marks: [
      /"type"\s*:\s*"bundle"[\s\S]*"bundle--|"bundle--[\s\S]*"type"\s*:\s*"bundle"|<(?:\w+:)?STIX_Package\s/,
    ],
    update: /<(?:\w+:)?STIX_Package\s[^<>]*\btimestamp="([^"]+)"/,
  },
  misp: {
    names: JSON_NAME,
    marks: [/"Event"\s*:\s*\{/, /"threat_level_id"\s*:|"Attribute"\s*:\s*\[/],
    update: /"timestamp"\s*:\s*"?(\d+)/,
    before: /"(?:Attribute|Object|ShadowAttribute|RelatedEvent)"\s*:/,
  },
  'remote-settings': {
    names: JSON_NAME,
    marks: [
      /^\s*\{/,
      /"(?:data|changes)"\s*:\s*\[/,
      /"last_modified"\s*:\s*\d/,
      /"timestamp"\s*:\s*"?\d/,
    ],
    update: /"timestamp"\s*:\s*"?(\d+)"?\s*(?:\}\s*$|,\s*"(?:data|changes|metadata)")/,
  },
  semgrep: {
    names: /\.ya?ml$/i,
    marks: [/^rules:\s*$/m, /^[ \t]+(?:- )?languages:/m, /^[ \t]+(?:- )?(?:severity|message):/m],
  },
  modsecurity: {
    names: /\.conf$/i,
    marks: [/^[ \t]*SecRule\s/m],
    update: /ver:'OWASP_CRS\/([\d.]+)'/,
  },
};

const HEAD_BYTES = 32 * 1024;
/** Where a collection's number stands behind its records. */
const TAIL_BYTES = 512;

/** The sort of a file, by content; undefined where it is none of them. */
export function opaqueSortOf(path: string, bytes: Uint8Array): OpaqueSort | undefined {
  let text: string | undefined;
  for (const [name, { names, marks, update, before }] of Object.entries(SORTS)) {
    if (!names.test(path)) continue;
    text ??= endsOf(bytes);
    if (!marks.every((mark) => mark.test(text!))) continue;
    const end = before === undefined ? -1 : text.search(before);
    const found = update?.exec(end === -1 ? text : text.slice(0, end));
    return { name, update: found?.[1] ?? found?.[2] ?? '' };
  }
  return undefined;
}

function endsOf(bytes: Uint8Array): string {
  const head = latin1Text(bytes.subarray(0, HEAD_BYTES));
  if (bytes.length <= HEAD_BYTES) return head;
  return `${head}\n${latin1Text(bytes.subarray(Math.max(HEAD_BYTES, bytes.length - TAIL_BYTES)))}`;
}
