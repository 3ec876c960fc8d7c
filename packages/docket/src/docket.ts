import { type Digest, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import { type Case, caseOf } from './case/case.ts';
import { type Claim, claimOf } from './claim/claim.ts';
import type { Nearby } from './claim/meant.ts';
import { type Receipt, receiptText } from './claim/receipt.ts';
import type { Stored } from './claim/stored.ts';
import { type Actor, type Subject, TIMER } from './event/event.ts';
import { type HandedIn, handIn } from './handing-in.ts';
import { Moves, type Within } from './moves.ts';
import type { ArtifactStore, DocketStore, KeptStore, Row } from './port.ts';
import { keepArtifact, raiseAlarm, type Shelved } from './shelf.ts';
import type { Time } from './states/clock.ts';
import { summaryOfCase, summaryOfClaim } from './summary.ts';
import { takeClaim } from './taking.ts';

/** The docket over a store: each method is one step that is wholly there or not at all. */
export class Docket {
  readonly #store: DocketStore;
  readonly #kept: KeptStore;
  readonly #now: () => Time;
  readonly #moves: Moves;
  readonly #within: Within;

  constructor(store: DocketStore, kept: KeptStore, now: () => Time) {
    this.#store = store;
    this.#kept = kept;
    this.#now = now;
    this.#moves = new Moves(store, now);
    this.#within = { store, kept, moves: this.#moves };
  }

  async claim(id: Subject): Promise<Claim> {
    return claimOf(await this.#moves.eventsOf(id));
  }

  async case(id: Subject): Promise<Case> {
    return caseOf(await this.#moves.eventsOf(id));
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
    const id = await this.#moves.numbered('claim', (taken) =>
      this.#moves.make(taken, [{ move: 'write', actor, data: { text: digest } }]),
    );
    return this.claim(id);
  }

  /**
   * Hands in a draft, or a claim that was turned back with what it lacked, and
   * answers at once: turned back with everything that is missing, or re-checked.
   * `ask` names what is asked, for one that asks again because it did not hear:
   * refuses `docket.answered` when that was answered, and `docket.conflict` when
   * the claim moves on meanwhile.
   */
  async handIn(
    id: Subject,
    text: string,
    all: readonly Stored[],
    nearby: Nearby = {},
    ask?: string,
  ): Promise<HandedIn> {
    return handIn(this.#within, id, { text, all, nearby, ...(ask === undefined ? {} : { ask }) });
  }

  /**
   * Keeps a release, an update or a folder, so that claims are resolved in it.
   * A second content under one number is an alarm: a case of its own, which is given.
   */
  keepArtifact(store: ArtifactStore, artifact: Shelved): Promise<Subject | undefined> {
    return keepArtifact(this.#within, store, artifact);
  }

  /** The alarm for one number with these contents: opened, or joined by those that are new to it. */
  alarm(target: string, contents: readonly Digest[]): Promise<Subject> {
    return raiseAlarm(this.#within, target, contents);
  }

  /** One move on a claim or a case, by a person. */
  async act(id: Subject, move: string, actor: Actor, data: JsonObject = {}): Promise<void> {
    await this.#moves.make(id, [{ move, actor, data }]);
  }

  /**
   * Takes a valid claim: attached to the one that it repeats, which is no
   * corroboration; else accepted into a new case. Gives the case, where there is one.
   */
  accept(id: Subject, actor: Actor): Promise<Subject | undefined> {
    return takeClaim(this.#within, id, actor);
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
    await this.#moves.make(subject, [
      { move: due.makes, actor: TIMER, data: { says: due.says, ...reasons } },
    ]);
    return true;
  }
}

/** Deadlines handled at once; the next call goes on. */
const MAX_DUE = 1_000;
