import { type Digest, digestOf, Refused, utf8Text } from '@avow/bytes';
import { canonicalJson, type Json } from '@avow/log';
import { type Case, caseOf } from '../case/case.ts';
import type { DocketEvent, Subject } from '../event/event.ts';
import { eventDigest } from '../event/event.ts';
import { type DocketHead, parseHead } from './head.ts';
import { isComplete, parseCaseProof } from './proof.ts';

/** One thing that was looked at, in words, and whether it is so. */
export interface Checked {
  readonly isSo: boolean;
  readonly says: string;
}

/** What a case that was handed over proves by itself, without a network and without its docket. */
export interface HandedCase {
  readonly found: Case;
  readonly head: DocketHead;
  /** Of the head's file: what the log has to hold. */
  readonly headDigest: Digest;
  readonly checks: readonly Checked[];
}

/** Gives a file of the folder, by its path with `/`; undefined where there is none. */
export type ReadHanded = (path: string) => Uint8Array | undefined;

/**
 * Looks whether an exported case is whole: its events are all that the case and
 * its claims had at the head, nothing was altered, what `case.json` says is what
 * they make, and each digest in them has its file. `products` are the digests
 * of products that lie beside.
 *
 * Refuses `docket.head`, `docket.proof` and `docket.handed`.
 */
export function checkHanded(read: ReadHanded, products: ReadonlySet<string>): HandedCase {
  const events = eventsIn(textOf(read, 'events.jsonl'));
  const headText = textOf(read, 'head.json');
  const head = parseHead(headText);
  const of = new Map<Subject, DocketEvent[]>();
  for (const event of events) of.set(event.subject, [...(of.get(event.subject) ?? []), event]);
  const cases = [...of.keys()].filter((subject) => subject.startsWith('case-'));
  if (cases.length !== 1) throw handed(`events.jsonl has the events of ${cases.length} cases`);
  const found = caseOf(of.get(cases[0]!)!);
  return {
    found,
    head,
    headDigest: digestOf(headText),
    checks: [
      linked(events),
      ...[found.id, ...found.claims].map((subject) =>
        complete(subject, of.get(subject) ?? [], head, read),
      ),
      sameCase(found, read),
      ...filesOf(found, read),
      product(found, products),
    ],
  };
}

function textOf(read: ReadHanded, path: string): string {
  const bytes = read(path);
  const text = bytes === undefined ? undefined : utf8Text(bytes);
  if (text === undefined) throw handed(`there is no ${path}`);
  return text;
}

function eventsIn(text: string): readonly DocketEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    try {
      const event = JSON.parse(line) as DocketEvent;
      const isEvent =
        Number.isSafeInteger(event?.number) &&
        [event.subject, event.at, event.move, event.actor?.name, event.actor?.role].every(
          (one) => typeof one === 'string',
        ) &&
        typeof event.data === 'object' &&
        event.data !== null;
      if (isEvent) return event;
    } catch {
      // Told below.
    }
    throw handed(`line ${index + 1} of events.jsonl is no event`);
  });
}

/** Neighbours in the chain that are both here name each other; the others are the head's to prove. */
function linked(events: readonly DocketEvent[]): Checked {
  const at = events.findIndex((event, index) => {
    const before = events[index - 1];
    if (before === undefined) return false;
    if (event.number <= before.number) return true;
    return event.number === before.number + 1 && event.prev !== eventDigest(before);
  });
  return at < 0
    ? { isSo: true, says: `${events.length} events, in the order of the chain` }
    : { isSo: false, says: `event ${events[at]!.number} does not follow the one before it` };
}

function complete(
  subject: Subject,
  events: readonly DocketEvent[],
  head: DocketHead,
  read: ReadHanded,
): Checked {
  const proof = parseCaseProof(textOf(read, 'proof.json')).subjects.find(
    (one) => one.subject === subject,
  );
  const known = events.filter(({ number }) => number <= head.number);
  const later = events.length - known.length;
  const since = later === 0 ? '' : `, and ${later} since, which that head does not know`;
  if (proof === undefined) {
    const isNew = known.length === 0 && later > 0;
    const says = isNew
      ? `${subject}: all ${later} events are later than the head`
      : `${subject}: nothing proves that its events are all, or in the chain`;
    return { isSo: isNew, says };
  }
  if (isComplete(known, proof, head)) {
    return {
      isSo: true,
      says: `${subject}: ${known.length} events, all that it had at event ${head.number}${since}`,
    };
  }
  return {
    isSo: false,
    says: `${subject}: its ${known.length} events are not those that the head knows: one was left out, added or altered`,
  };
}

function sameCase(found: Case, read: ReadHanded): Checked {
  const told = JSON.parse(textOf(read, 'case.json')) as Json;
  const isSo = canonicalJson(told) === canonicalJson(found as unknown as Json);
  return { isSo, says: isSo ? 'case.json is what the events make' : 'case.json says otherwise' };
}

/** Receipts and evidence by their digests; a text may have been erased, which is no fault and is told. */
function filesOf({ runs, evidence, statements }: Case, read: ReadHanded): readonly Checked[] {
  const receipts = new Set<Digest>();
  for (let number = 1; ; number++) {
    const bytes = read(`receipt-${number}.json`);
    if (bytes === undefined) break;
    receipts.add(digestOf(bytes));
  }
  const missing = runs.filter(({ receipt }) => !receipts.has(receipt));
  const kept = [
    ...statements.map(({ text, by }) => ({ digest: text, name: `the statement of ${by.name}` })),
    ...evidence.map(({ digest, name }) => ({ digest, name })),
  ];
  const isKept = ({ digest }: { readonly digest: Digest }): boolean | undefined => {
    const bytes = read(`kept/${digest.slice('sha256:'.length)}`);
    return bytes === undefined ? undefined : digestOf(bytes) === digest;
  };
  return [
    missing.length === 0
      ? { isSo: true, says: `${runs.length} runs, each with its receipt` }
      : { isSo: false, says: `no receipt of the run by ${missing[0]!.runner}` },
    ...kept.map((one) => {
      const isSo = isKept(one);
      if (isSo === undefined) return { isSo: true, says: `${one.name} was erased` };
      return { isSo, says: isSo ? `${one.name}, as it was given` : `${one.name} was altered` };
    }),
  ];
}

function product({ product: own, contents }: Case, products: ReadonlySet<string>): Checked {
  const wanted = contents.length > 0 ? contents : own === undefined ? [] : [own];
  const away = wanted.filter((digest) => !products.has(digest));
  if (away.length === 0) return { isSo: true, says: 'the product lies beside, as it was' };
  const isNone = products.size === 0;
  return {
    isSo: isNone,
    says: isNone
      ? `the product is not handed over; it has ${away.join(', ')}`
      : `what lies beside is not the product: ${away.join(', ')} is not there`,
  };
}

function handed(found: string): Refused {
  return new Refused('docket.handed', undefined, found);
}
