import { type Digest, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import { type Case, caseAfter, caseOf } from './case/case.ts';
import { answerClaim, knownOf } from './claim/answer.ts';
import { type Claim, claimAfter, claimOf } from './claim/claim.ts';
import { type Intake, readClaim } from './claim/intake.ts';
import type { Lack } from './claim/lack.ts';
import { fingerprintOf, type Receipt, receiptText } from './claim/receipt.ts';
import type { Recheck } from './claim/recheck.ts';
import { attachedTo, firstOf } from './claim/same.ts';
import { productOf, type Stored } from './claim/stored.ts';
import type { Act, Actor, DocketEvent, Subject } from './event/event.ts';
import type { DocketStore, KeptStore, NewEvent, Row } from './port.ts';
import { type Time, timeText } from './states/clock.ts';
import { summaryOfCase, summaryOfClaim } from './summary.ts';

const SYSTEM: Actor = { name: 'avow', role: 'system' };
const TIMER: Actor = { name: 'avow', role: 'timer' };

/** What came of handing a claim in. */
export type HandedIn =
  | {
      readonly state: 'returned';
      readonly claim: Claim;
      readonly intake: Intake;
      /** Everything that is missing, with the nearest candidates. */
      readonly lacks: readonly Lack[];
    }
  | {
      readonly state: 'valid';
      readonly claim: Claim;
      readonly receipt: Receipt;
      readonly recheck: Recheck;
      /** Claims of the same thing, made before. */
      readonly same: readonly Subject[];
    };

/** The docket over a store: each method is one step that is wholly there or not at all. */
export class Docket {
  readonly #store: DocketStore;
  readonly #kept: KeptStore;
  readonly #now: () => Time;

  constructor(store: DocketStore, kept: KeptStore, now: () => Time) {
    this.#store = store;
    this.#kept = kept;
    this.#now = now;
  }

  async claim(id: Subject): Promise<Claim> {
    return claimOf(await this.#eventsOf(id));
  }

  async case(id: Subject): Promise<Case> {
    return caseOf(await this.#eventsOf(id));
  }

  async textOf(digest: Digest): Promise<string | undefined> {
    const bytes = await this.#kept.read(digest);
    return bytes === undefined ? undefined : (utf8Text(bytes) ?? '');
  }

  keep(bytes: Uint8Array): Promise<Digest> {
    return this.#kept.keep(bytes);
  }

  /** Begins a claim: the text is kept before anything is made of it. */
  async write(claimant: string, text: string): Promise<Claim> {
    const digest = await this.#kept.keep(utf8Bytes(text));
    const actor: Actor = { name: claimant, role: 'claimant' };
    const id = await this.#numbered('claim', (taken) =>
      this.#make(taken, [{ move: 'write', actor, data: { text: digest } }]),
    );
    return this.claim(id);
  }

  /** Makes a new subject; of several who take the same number at once, each gets one in the end. */
  async #numbered(kind: Row['kind'], make: (id: Subject) => Promise<unknown>): Promise<Subject> {
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

  /**
   * Hands in a draft, or a claim that was turned back with what it lacked, and
   * answers at once: turned back with everything that is missing, or re-checked.
   */
  async handIn(id: Subject, text: string, all: readonly Stored[]): Promise<HandedIn> {
    const before = await this.claim(id);
    const actor: Actor = { name: before.claimant, role: 'claimant' };
    const kept = await this.#kept.keep(utf8Bytes(text));
    const submit: Act[] =
      before.state === 'draft' ? [{ move: 'submit', actor, data: { text: kept } }] : [];
    const again = before.state === 'returned' ? { text: kept } : {};
    const only = all.length === 1 ? all[0] : undefined;
    const records = all.flatMap((stored) => stored.records ?? []);
    const intake = readClaim(text, only === undefined ? {} : knownOf(only, all), records);
    const found = answerClaim(intake, all);
    if (found.state === 'lacking') {
      const reasons = found.lacks.map(({ reason }) => reason);
      const move = before.state === 'returned' ? 'turnBackAgain' : 'turnBack';
      const data = { reasons, lacks: found.lacks as unknown as JsonObject[], ...again };
      await this.#make(id, [...submit, { move, actor: SYSTEM, data }]);
      return { state: 'returned', claim: await this.claim(id), intake, lacks: found.lacks };
    }
    const { locator, said, receipt, recheck } = found;
    const fingerprint = fingerprintOf(receipt.module.digest, locator, said, recheck.matched);
    const earlier = await this.#store.list({ kind: 'claim', fingerprint, limit: 100 });
    const data: JsonObject = {
      said: receipt.said,
      locator: receipt.locator,
      target: productOf(locator),
      product: receipt.product.digest,
      module: receipt.module.digest,
      fingerprint,
      receipt: await this.#kept.keep(utf8Bytes(receiptText(receipt))),
      outcome: recheck.outcome,
      ...(receipt.declaration === undefined ? {} : { declaration: receipt.declaration }),
      ...again,
    };
    const move = before.state === 'returned' ? 'complete' : 'resolve';
    await this.#make(id, [...submit, { move, actor: SYSTEM, data }]);
    const same = earlier.map(({ subject }) => subject).filter((one) => one !== id);
    return { state: 'valid', claim: await this.claim(id), receipt, recheck, same: same.reverse() };
  }

  /** One move on a claim or a case, by a person. */
  async act(id: Subject, move: string, actor: Actor, data: JsonObject = {}): Promise<void> {
    await this.#make(id, [{ move, actor, data }]);
  }

  /**
   * Takes a valid claim: attached to the one that it repeats, which is no
   * corroboration; else accepted into a new case. Gives the case, where there is one.
   */
  async accept(id: Subject, actor: Actor): Promise<Subject | undefined> {
    const claim = await this.claim(id);
    const { fingerprint } = claim;
    const original = await firstOf(this.#store, id, fingerprint);
    if (original !== undefined && actor.role !== 'timer') {
      const attach: Act = {
        move: 'attach',
        actor,
        data: { to: original.id, fingerprint: fingerprint ?? '' },
      };
      const joins: Made[] = [{ id, acts: [attach] }];
      if (original.case !== undefined) {
        joins.push({
          id: original.case,
          acts: [{ move: 'join', actor: SYSTEM, data: { claims: [id] } }],
        });
      }
      await this.#makeAll(joins);
      return original.case;
    }
    const { events, state } = await this.#claimEvents(id);
    if (state !== 'valid') {
      // The fold refuses with what can be done instead.
      claimAfter(claim, { move: 'accept', actor, data: {} }, this.#text());
    }
    const target =
      events.findLast(({ data }) => data['target'] !== undefined)?.data['target'] ?? '';
    const data: JsonObject = {
      locator: claim.locator ?? '',
      said: claim.said ?? '',
      target,
      claims: [id, ...(await attachedTo(this.#store, id, fingerprint))],
      ...(claim.product === undefined ? {} : { product: claim.product }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
    return this.#numbered('case', async (opened) => {
      // Once another has taken the claim, there is no case to open for it.
      if ((await this.claim(id)).version !== claim.version) throw movedOn(id);
      await this.#makeAll([
        { id: opened, acts: [{ move: 'open', actor: SYSTEM, data }] },
        { id, acts: [{ move: 'accept', actor, data: { case: opened } }] },
      ]);
    });
  }

  /** A run of the re-check by one runner; two equal ones by two runners conclude. */
  async run(id: Subject, actor: Actor, receipt: Receipt): Promise<Case> {
    const kept = await this.#kept.keep(utf8Bytes(receiptText(receipt)));
    const { product, engine, rules, result, recheck } = receipt;
    await this.act(id, 'run', actor, {
      receipt: kept,
      product: product.digest,
      engine: engine.digest,
      rules: rules.digest,
      result,
      outcome: recheck.outcome,
    });
    const move = recheck.outcome === 'reproduced' ? 'reproduce' : 'doNotReproduce';
    try {
      await this.act(id, move, actor);
    } catch (error) {
      // One run is none yet; the next runner concludes.
      if (!(error instanceof Refused) || !/^docket\.(?:needs|move)$/.test(error.code)) throw error;
    }
    return this.case(id);
  }

  /** Makes the moves that are due by now, each once. Gives the subjects that moved. */
  async tick(): Promise<readonly Subject[]> {
    const now = this.#now();
    const moved: Subject[] = [];
    for (const row of await this.#store.due(now, MAX_DUE)) {
      if (await this.#tickOne(row, now)) moved.push(row.subject);
    }
    return moved;
  }

  async #tickOne({ subject, kind }: Row, now: Time): Promise<boolean> {
    const events = await this.#store.eventsOf(subject);
    const due = (kind === 'claim' ? summaryOfClaim(events) : summaryOfCase(events)).next;
    if (due === undefined || due.at > now) return false;
    if (kind === 'claim' && due.makes === 'accept') {
      await this.accept(subject, TIMER);
      return true;
    }
    const reasons = due.makes === 'dismiss' ? { reasons: ['lapsed'] } : {};
    await this.#make(subject, [
      { move: due.makes, actor: TIMER, data: { says: due.says, ...reasons } },
    ]);
    return true;
  }

  async #claimEvents(id: Subject): Promise<{ events: readonly DocketEvent[]; state: string }> {
    const events = await this.#eventsOf(id);
    return { events, state: claimOf(events).state };
  }

  async #eventsOf(id: Subject): Promise<readonly DocketEvent[]> {
    const events = await this.#store.eventsOf(id);
    if (events.length === 0) throw new Refused('docket.absent', undefined, `there is no ${id}`);
    return events;
  }

  #text(): string {
    return timeText(this.#now());
  }

  async #make(id: Subject, acts: readonly Act[]): Promise<void> {
    await this.#makeAll([{ id, acts }]);
  }

  /** Folds each move first, so that what is not legal is never written. */
  async #makeAll(all: readonly Made[]): Promise<void> {
    const at = this.#text();
    const events: NewEvent[] = [];
    for (const { id, acts } of all) {
      const past: DocketEvent[] = [...(await this.#store.eventsOf(id))];
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

interface Made {
  readonly id: Subject;
  readonly acts: readonly Act[];
}

/** Of as many writers at once, one gets through in each round. */
const MAX_TRIES = 100;

function movedOn(id: Subject): Refused {
  return new Refused('docket.conflict', undefined, `${id} was taken by another just now`);
}

/** Deadlines handled at once; the next call goes on. */
const MAX_DUE = 1_000;

/** Texts of times sort as times do. */
function later(one: string, other: string): string {
  return [one, other].sort()[1]!;
}
