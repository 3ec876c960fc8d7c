import { Refused } from '@avow/bytes';
import { refusalsIn } from './event/data.ts';
import {
  type ChainEnd,
  type DocketEvent,
  eventDigest,
  linked,
  numberOf,
  type Subject,
} from './event/event.ts';
import type { Counts, DocketStore, ListQuery, NewEvent, Row, Summary } from './port.ts';

/**
 * A docket as it will be once moves are made that are held back until then:
 * what comes of them is made and checked first, and a failure leaves nothing
 * behind. Durable is nothing before `commit`.
 */
export class HeldStore implements DocketStore {
  readonly #store: DocketStore;
  readonly #held: NewEvent[] = [];
  readonly #linked: DocketEvent[] = [];
  /** One writes after the other: each is held to what is held before it. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(store: DocketStore) {
    this.#store = store;
  }

  append(events: readonly NewEvent[]): Promise<readonly DocketEvent[]> {
    const made = this.#writing.then(() => this.#hold(events));
    this.#writing = made.catch(() => {});
    return made;
  }

  async #hold(events: readonly NewEvent[]): Promise<readonly DocketEvent[]> {
    const made: DocketEvent[] = [];
    let end = await this.end();
    for (const { subject, version, act, at } of events) {
      const own = made.filter((one) => one.subject === subject).length;
      const length = (await this.eventsOf(subject)).length + own;
      if (length + 1 !== version) {
        throw new Refused('docket.conflict', undefined, `${subject} has ${length} events`);
      }
      const event = linked(end, act, subject, version, at);
      end = { number: event.number, at: event.at, digest: eventDigest(event) };
      made.push(event);
    }
    this.#held.push(...events);
    this.#linked.push(...made);
    return made;
  }

  /**
   * Writes what is held, all or nothing. False when the times are not those
   * that were held: others wrote meanwhile, by a later clock. Refuses
   * `docket.conflict` when others moved one of the subjects.
   */
  async commit(): Promise<boolean> {
    if (this.#held.length === 0) return true;
    const written = await this.#store.append(this.#held);
    const isAsHeld = written.every(({ at }, index) => at === this.#linked[index]!.at);
    this.#held.length = 0;
    this.#linked.length = 0;
    return isAsHeld;
  }

  async eventsOf(subject: Subject): Promise<readonly DocketEvent[]> {
    const held = this.#linked.filter((one) => one.subject === subject);
    return [...(await this.#store.eventsOf(subject)), ...held];
  }

  async *events(): AsyncGenerator<DocketEvent> {
    yield* this.#store.events();
    yield* this.#linked;
  }

  async end(): Promise<ChainEnd> {
    const last = this.#linked.at(-1);
    if (last === undefined) return this.#store.end();
    return { number: last.number, at: last.at, digest: eventDigest(last) };
  }

  async nextNumber(kind: Row['kind']): Promise<number> {
    const held = [...this.#summaries()].filter(([, summary]) => summary.kind === kind);
    const next = await this.#store.nextNumber(kind);
    return Math.max(next, ...held.map(([subject]) => numberOf(subject) + 1));
  }

  async list(query: ListQuery): Promise<readonly Row[]> {
    const { kind, state, target, fingerprint, after, limit } = query;
    const held = this.#summaries();
    // As many more as may be held back, so that a page is full where there is more.
    const below = await this.#store.list({ ...query, limit: limit + held.size });
    const isWanted = (row: Row): boolean =>
      row.kind === kind &&
      (state === undefined || row.state === state) &&
      (target === undefined || row.target === target) &&
      (fingerprint === undefined || row.fingerprint === fingerprint) &&
      (after === undefined || numberOf(row.subject) < numberOf(after));
    return this.#over(below, held)
      .filter(isWanted)
      .sort((one, other) => numberOf(other.subject) - numberOf(one.subject))
      .slice(0, limit);
  }

  async due(time: number, limit: number): Promise<readonly Row[]> {
    const held = this.#summaries();
    const below = await this.#store.due(time, limit + held.size);
    return this.#over(below, held)
      .filter(({ due }) => due !== undefined && due <= time)
      .sort(
        (one, other) => one.due! - other.due! || numberOf(one.subject) - numberOf(other.subject),
      )
      .slice(0, limit);
  }

  async counts(): Promise<Counts> {
    const below = await this.#store.counts();
    const states = new Map(below.states.map((one) => [`${one.kind} ${one.state}`, { ...one }]));
    const refusals = new Map(below.refusals.map(({ reason, count }) => [reason, count]));
    const count = (kind: string, state: string, by: number): void => {
      const one = states.get(`${kind} ${state}`) ?? { kind, state, count: 0 };
      states.set(`${kind} ${state}`, { ...one, count: one.count + by });
    };
    for (const [subject, { kind, state }] of this.#summaries()) {
      const before = await this.#rowBelow(subject, kind);
      if (before !== undefined) count(kind, before.state, -1);
      count(kind, state, 1);
    }
    for (const event of this.#linked) {
      for (const reason of refusalsIn(event)) refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    }
    return {
      states: [...states.values()]
        .filter((one) => one.count > 0)
        .sort((one, other) => compare(`${one.kind} ${one.state}`, `${other.kind} ${other.state}`)),
      refusals: [...refusals]
        .map(([reason, times]) => ({ reason, count: times }))
        .sort((one, other) => compare(one.reason, other.reason)),
    };
  }

  async #rowBelow(subject: Subject, kind: Row['kind']): Promise<Row | undefined> {
    const after = `${kind}-${numberOf(subject) + 1}`;
    const [row] = await this.#store.list({ kind, after, limit: 1 });
    return row?.subject === subject ? row : undefined;
  }

  /** Where held moves put each subject that has some. */
  #summaries(): ReadonlyMap<Subject, Summary> {
    return new Map(this.#held.map(({ subject, summary }) => [subject, summary]));
  }

  #over(below: readonly Row[], held: ReadonlyMap<Subject, Summary>): readonly Row[] {
    const rows = new Map(below.map((row) => [row.subject, row]));
    for (const [subject, summary] of held) rows.set(subject, { ...summary, subject });
    return [...rows.values()];
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
