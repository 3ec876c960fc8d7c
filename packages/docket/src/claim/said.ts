import { type FeatureId, isFeatureId, VOCABULARY } from '@avow/declare';
import type { Feature, Flow } from '@avow/examine';

/** What a claim says is there: one feature, or data that goes somewhere. */
export type Said =
  | { readonly feature: FeatureId }
  | { readonly source: FeatureId; readonly destination: FeatureId };

export function printSaid(said: Said): string {
  return 'feature' in said ? said.feature : `${said.source} -> ${said.destination}`;
}

/** Plain words that mean one feature and no other. */
const WORDS: readonly (readonly [RegExp, FeatureId])[] = [
  [/\b(?:ssh|pgp|gpg) (?:private )?keys?\b/i, 'cred.ssh-pgp'],
  [/\b(?:aws|cloud|azure|gcp) (?:credentials|keys|tokens)\b/i, 'cred.cloud'],
  [/\b(?:npm|github|gitlab|developer) tokens?\b/i, 'cred.dev-token'],
  [/\b(?:whole|entire|all of the) environment\b|\benvironment variables\b/i, 'env.bulk'],
  [/\bcookies\b/i, 'browser.cookies'],
  [/\bclipboard\b/i, 'clipboard.read'],
  [/\bkey ?(?:logger|strokes?|presses)\b/i, 'input.keys'],
  [/\bscreen ?shots?\b/i, 'screen'],
  [/\bbrowsing history\b/i, 'browser.history'],
  [/\bmicrophone\b/i, 'microphone'],
  [/\bcamera\b/i, 'camera'],
  [/\bdocuments\b|\bhome (?:folder|directory)\b/i, 'file.user'],
  [/\bhost ?names?\b|\buser ?names?\b/i, 'host.profile'],
  [/\bhttps?\b(?!:)|\bupload(?:s|ed)?\b|\bphones? home\b|\bposts? (?:it|them|data)\b/i, 'net.http'],
  [/\bwebsockets?\b/i, 'net.websocket'],
  [/\bdns (?:query|queries|lookups?|requests?)\b/i, 'net.dns'],
  [/\b(?:spawns?|executes?|runs?) (?:a |the )?(?:shell|program|command|process)/i, 'exec.spawn'],
  [/\beval(?:uates)?\b/i, 'code.eval'],
];

const LABELLED = /^\s*[-*]?\s?(?:feature|flow|claim|does|what|says)\s?[:=]\s*(.{1,400})$/i;
const ARROW = /([a-z][a-z.-]*)\s?(?:->|→|=>|\bto\b)\s?([a-z][a-z.-]*)/;
const ID = /[a-z][a-z-]*(?:\.[a-z-]+)*/g;
/** Of each line: hostile text is not searched at length. */
const MAX_LINE = 2_048;
const MAX_LINES = 500;

/** What is read of a text's words about what is there. */
export interface SaidReading {
  /** Every meaning; one is what is wanted. */
  readonly said: readonly Said[];
  /** The text without the lines that only tell what is there. */
  readonly rest: string;
}

/**
 * Reads what a text says is there: a labelled line first; else ids of the
 * vocabulary; else plain words that mean one of them. Words of a source and of
 * a destination together are a flow.
 */
export function readSaid(text: string): SaidReading {
  const lines = text.split('\n', MAX_LINES);
  const labelled = lines.flatMap((line) => {
    const match = line.length > MAX_LINE ? null : LABELLED.exec(line);
    return match === null ? [] : [{ line, said: meaningOf(match[1]!) }];
  });
  const told = labelled.filter(({ said }) => said.length > 0);
  if (told.length > 0) {
    const own = new Set(told.map(({ line }) => line));
    return {
      said: distinct(told.flatMap(({ said }) => said)),
      rest: lines.filter((line) => !own.has(line)).join('\n'),
    };
  }
  const prose = lines.filter((line) => line.length <= MAX_LINE && !line.includes('pkg:'));
  return { said: distinct(meaningOf(prose.join('\n').slice(0, 65_536))), rest: text };
}

function meaningOf(text: string): Said[] {
  const arrow = ARROW.exec(text);
  if (arrow !== null && isFeatureId(arrow[1]!) && isFeatureId(arrow[2]!)) {
    return [{ source: arrow[1], destination: arrow[2] }];
  }
  const ids = [...text.matchAll(ID)].map(([id]) => id).filter(isTold);
  if (ids.length > 0) return joined([...new Set(ids)]);
  return joined(WORDS.filter(([word]) => word.test(text)).map(([, feature]) => feature));
}

/** Ids without a dot are also plain words (`screen`, `camera`), so they count only when nothing else can be meant. */
function isTold(id: string): id is FeatureId {
  return isFeatureId(id) && id.includes('.');
}

function joined(features: readonly FeatureId[]): Said[] {
  const of = (group: string) => features.filter((one) => VOCABULARY[one].group === group);
  const [sources, destinations] = [of('source'), of('destination')];
  if (sources.length === 1 && destinations.length === 1) {
    return [{ source: sources[0]!, destination: destinations[0]! }];
  }
  return features.map((feature) => ({ feature }));
}

function distinct(all: readonly Said[]): Said[] {
  return [...new Map(all.map((said) => [printSaid(said), said])).values()];
}

export function isSaid(said: Said, { feature }: Feature): boolean {
  return 'feature' in said && said.feature === feature;
}

/** A claim of one feature is borne out by a flow that has it as an end. */
export function isSaidFlow(said: Said, { source, destination }: Flow): boolean {
  if ('feature' in said) return said.feature === source || said.feature === destination;
  return said.source === source && said.destination === destination;
}
