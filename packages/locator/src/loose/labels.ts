import type { Purl, Target } from '../locator.ts';
import { parsePurl } from '../purl.ts';
import { readBareAddress, readNumber } from './address.ts';
import { readFrame } from './frames.ts';
import { type Found, type Known, type Question, question } from './reading.ts';

type Label = 'product' | 'version' | 'update' | 'module' | 'address' | 'base' | 'record' | 'line';

/** The words that people write before a colon or an equals sign. */
const LABELS: Readonly<Record<string, Label>> = {
  product: 'product',
  package: 'product',
  application: 'product',
  software: 'product',
  version: 'version',
  release: 'version',
  build: 'version',
  update: 'update',
  'update number': 'update',
  'database update': 'update',
  module: 'module',
  file: 'module',
  library: 'module',
  path: 'module',
  address: 'address',
  offset: 'address',
  'code address': 'address',
  rva: 'address',
  va: 'address',
  base: 'base',
  'image base': 'base',
  'module base': 'base',
  record: 'record',
  'record id': 'record',
  'record identifier': 'record',
  signature: 'record',
  line: 'line',
};

const LABELLED = /^[-*]?\s?([A-Za-z][A-Za-z ]{1,30}?)\s?[:=]\s+(\S.*)$/;

export type Labelled = Readonly<Partial<Record<Label, string>>> & {
  /** Said by the label itself. */
  readonly counted?: 'rva' | 'va';
};

/** One labelled line, or undefined. */
export function readLabel(line: string): Labelled | undefined {
  const match = LABELLED.exec(line);
  const word = match === null ? '' : match[1]!.toLowerCase();
  if (match === null || !Object.hasOwn(LABELS, word)) return undefined;
  const counted = word === 'rva' || word === 'va' ? { counted: word } : {};
  return { [LABELS[word]!]: match[2]!.trim(), ...counted } as Labelled;
}

/** What the labelled lines of one text name together. */
export function readLabelled(labels: Labelled, known: Known): Found[] {
  const { target, questions } = targetOf(labels);
  const base = labels.base === undefined ? known.base : readNumber(labels.base)?.hex;
  const common = {
    ...(target === undefined ? {} : { target }),
    ...(labels.module === undefined ? {} : { module: labels.module }),
  };
  const places = placesOf(labels, base);
  return (places.length === 0 ? [{ form: 'labelled' }] : places).map((place) => ({
    ...place,
    ...common,
    form: 'labelled',
    questions: [...questions, ...(place.questions ?? [])],
  }));
}

function placesOf(labels: Labelled, base: bigint | undefined): Found[] {
  if (labels.record !== undefined) {
    const choices = [question('record-name')];
    return [{ form: 'labelled', place: { kind: 'rec', id: labels.record }, questions: choices }];
  }
  if (labels.line !== undefined) return readFrame(`x.x:${labels.line}`) ?? [];
  if (labels.address === undefined) return [];
  const addresses = readBareAddress(labels.address, base) ?? readFrame(labels.address) ?? [];
  const counted = labels.counted;
  if (counted === undefined) return addresses;
  return addresses
    .filter(({ place }) => place?.kind === counted)
    .map((found) => ({
      ...found,
      questions: (found.questions ?? []).filter(({ code }) => code !== 'address-kind'),
    }));
}

function targetOf(labels: Labelled): { target?: Target; questions: readonly Question[] } {
  const version = labels.update ?? labels.version;
  const questions = version === undefined ? [] : versionQuestions(version);
  const purl = labels.product === undefined ? undefined : purlOf(labels.product);
  if (purl === undefined) return { questions };
  const release = purl.version ?? version;
  return {
    target: { kind: 'purl', purl: release === undefined ? purl : { ...purl, version: release } },
    questions,
  };
}

/** Only a purl names a product; a trade name is left for the person to choose. */
function purlOf(text: string): Purl | undefined {
  if (!text.startsWith('pkg:')) return undefined;
  try {
    return parsePurl(text);
  } catch {
    return undefined;
  }
}

/** `21.3.10(c)`, `1:2.3-4`, `daily-27654.cdiff`. */
export function versionQuestions(version: string): readonly Question[] {
  const isPatch = /\([a-z0-9]+\)$/i.test(version);
  const isEpoch = /^\d+:/.test(version);
  const isDifference = /\bcdiff\b|\bdelta\b|\bdiff\b/i.test(version);
  return isPatch || isEpoch || isDifference ? [question('version-suffix')] : [];
}
