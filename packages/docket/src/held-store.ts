import { Refused } from '@avow/bytes';
import {
  type ChainEnd,
  type DocketEvent,
  eventDigest,
  linked,
  type Subject,
} from './event/event.ts';
import type { Counts, DocketStore, ListQuery, NewEvent, Row } from './port.ts';

/**
 * A docket as it will be once moves are made that are held back until then:
 * what comes of them is made and checked first, and a failure leaves nothing
 * behind. Only subjects that exist are moved; counts are those of the store.
 */
export class HeldStore implements DocketStore {
  readonly #store: DocketStore;
  readonly #held: NewEvent[] = [];
  readonly #linked: DocketEvent[] = [];

  constructor(store: DocketStore) {
    this.#store = store;
  }

  /** Refuses `docket.conflict` as the store does. */
  async append(events: readonly NewEvent[]): Promise<readonly DocketEvent[]> {
    const made: DocketEvent[] = [];
    for (const one of events) {
      const { length } = await this.eventsOf(one.subject);
      if (length + 1 !== one.version) {
        throw new Refused('docket.conflict', undefined, `${one.subject} has ${length} events`);
      }
      const event = linked(await this.end(), one.act, one.subject, one.version, one.at);
      this.#held.push(one);
      this.#linked.push(event);
      made.push(event);
    }
    return made;
  }

  /**
   * Writes what is held, all or nothing. False when the times are not those
   * that were held: others wrote meanwhile, by a later clock.
   */
  async commit(): Promise<boolean> {
    if (this.#held.length === 0) return true;
    const written = await this.#store.append(this.#held);
    return written.every(({ at }, index) => at === this.#linked[index]!.at);
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

  nextNumber(kind: Row['kind']): Promise<number> {
    return this.#store.nextNumber(kind);
  }

  /** Subjects with held moves stand where those put them. */
  async list(query: ListQuery): Promise<readonly Row[]> {
    const rows = new Map((await this.#store.list(query)).map((row) => [row.subject, row]));
    for (const { subject, summary } of this.#held) {
      rows.delete(subject);
      const isWanted =
        summary.kind === query.kind &&
        (query.state === undefined || summary.state === query.state) &&
        (query.target === undefined || summary.target === query.target) &&
        (query.fingerprint === undefined || summary.fingerprint === query.fingerprint) &&
        (query.after === undefined || numberOf(subject) < numberOf(query.after));
      if (isWanted) rows.set(subject, { ...summary, subject });
    }
    return [...rows.values()]
      .sort((one, other) => numberOf(other.subject) - numberOf(one.subject))
      .slice(0, query.limit);
  }

  due(time: number, limit: number): Promise<readonly Row[]> {
    return this.#store.due(time, limit);
  }

  counts(): Promise<Counts> {
    return this.#store.counts();
  }
}

function numberOf(subject: Subject): number {
  return Number(subject.slice(subject.indexOf('-') + 1));
}
