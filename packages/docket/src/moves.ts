import { Refused } from '@avow/bytes';
import { caseAfter, caseOf } from './case/case.ts';
import { claimAfter, claimOf } from './claim/claim.ts';
import type { Act, DocketEvent, Subject } from './event/event.ts';
import type { DocketStore, KeptStore, NewEvent, Row } from './port.ts';
import { type Time, timeText } from './states/clock.ts';
import { summaryOfCase, summaryOfClaim } from './summary.ts';

/** Moves of one subject, made together with those of others or not at all. */
export interface Made {
  readonly id: Subject;
  readonly acts: readonly Act[];
  /** Events that the subject had when the acts were decided upon. */
  readonly version?: number;
}

/** What the steps of a docket work on. */
export interface Within {
  readonly store: DocketStore;
  readonly kept: KeptStore;
  readonly moves: Moves;
}

/** Writes moves: each is folded first, so that what is not legal is never written. */
export class Moves {
  readonly #store: DocketStore;
  readonly #now: () => Time;

  constructor(store: DocketStore, now: () => Time) {
    this.#store = store;
    this.#now = now;
  }

  /** Makes a new subject; of several who take the same number at once, each gets one in the end. */
  async numbered(kind: Row['kind'], make: (id: Subject) => Promise<unknown>): Promise<Subject> {
    for (let tries = 1; ; tries++) {
      const id = `${kind}-${await this.#store.nextNumber(kind)}`;
      try {
        await make(id);
        return id;
      } catch (error) {
        const isTaken = error instanceof Refused && /^docket\.(?:conflict|move)$/.test(error.code);
        if (!isTaken || tries >= MAX_TRIES || (await this.#store.eventsOf(id)).length === 0)
          throw error;
      }
    }
  }

  async eventsOf(id: Subject): Promise<readonly DocketEvent[]> {
    const events = await this.#store.eventsOf(id);
    if (events.length === 0) throw new Refused('docket.absent', undefined, `there is no ${id}`);
    return events;
  }

  /** Now, as events have it. */
  time(): string {
    return timeText(this.#now());
  }

  /** `version`: what the acts were decided upon; refuses `docket.conflict` when there is a later one. */
  async make(id: Subject, acts: readonly Act[], version?: number): Promise<void> {
    await this.makeAll([{ id, acts, ...(version === undefined ? {} : { version }) }]);
  }

  /** Folds each move first, so that what is not legal is never written. */
  async makeAll(all: readonly Made[]): Promise<void> {
    const at = this.time();
    const events: NewEvent[] = [];
    for (const { id, acts, version: seen } of all) {
      const past: DocketEvent[] = [...(await this.#store.eventsOf(id))];
      if (seen !== undefined && past.length !== seen) {
        throw new Refused('docket.conflict', undefined, `${id} was moved on just now`);
      }
      const last = past.at(-1)?.at ?? '';
      const time = later(at, last);
      for (const act of acts) {
        const version = past.length + 1;
        if (id.startsWith('claim-')) claimAfter(claimOf(past), act, time, id);
        else caseAfter(caseOf(past), act, time, id);
        past.push({ ...act, subject: id, version, at: time, number: 0 });
        const { next: _, ...summary } = id.startsWith('claim-')
          ? summaryOfClaim(past)
          : summaryOfCase(past);
        events.push({ subject: id, version, at: time, act, summary });
      }
    }
    await this.#store.append(events);
  }
}

/** Of as many writers at once, one gets through in each round. */
const MAX_TRIES = 100;

/** Texts of times sort as times do. */
function later(one: string, other: string): string {
  return [one, other].sort()[1]!;
}

/** Of a subject that another took in between: whoever decided on it looks again. */
export function movedOn(id: Subject): Refused {
  return new Refused('docket.conflict', undefined, `${id} was taken by another just now`);
}
