import { type Digest, Refused, utf8Bytes, utf8Text } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import { alarmData, alarmFingerprint } from './case/alarm.ts';
import { type Case, caseOf } from './case/case.ts';
import { answerClaim, intakeOf } from './claim/answer.ts';
import { type Claim, claimAfter, claimOf } from './claim/claim.ts';
import type { Intake } from './claim/intake.ts';
import type { Lack } from './claim/lack.ts';
import type { Nearby } from './claim/meant.ts';
import { fingerprintOf, type Receipt, receiptText } from './claim/receipt.ts';
import type { Recheck } from './claim/recheck.ts';
import { attachedTo, firstOf } from './claim/same.ts';
import { nameOf, productOf, type Stored } from './claim/stored.ts';
import type { Act, Actor, DocketEvent, Subject } from './event/event.ts';
import { type Made, Moves } from './moves.ts';
import type { Artifact, ArtifactStore, DocketStore, KeptStore, Row } from './port.ts';
import type { Time } from './states/clock.ts';
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
  readonly #moves: Moves;

  constructor(store: DocketStore, kept: KeptStore, now: () => Time) {
    this.#store = store;
    this.#kept = kept;
    this.#now = now;
    this.#moves = new Moves(store, now);
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
    const events = await this.#moves.eventsOf(id);
    if (ask !== undefined && events.some(({ data }) => data['ask'] === ask)) throw answered(id);
    const before = claimOf(events);
    const actor: Actor = { name: before.claimant, role: 'claimant' };
    const kept = await this.#kept.keep(utf8Bytes(text));
    const submit: Act[] =
      before.state === 'draft' ? [{ move: 'submit', actor, data: { text: kept } }] : [];
    const again = {
      ...(before.state === 'returned' ? { text: kept } : {}),
      ...(ask === undefined ? {} : { ask }),
    };
    const intake = intakeOf(text, all);
    const found = answerClaim(intake, all, nearby);
    if (found.state === 'lacking') {
      const reasons = found.lacks.map(({ reason }) => reason);
      const move = before.state === 'returned' ? 'turnBackAgain' : 'turnBack';
      const data = { reasons, lacks: found.lacks as unknown as JsonObject[], ...again };
      await this.#moves.make(id, [...submit, { move, actor: SYSTEM, data }], before.version);
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
    await this.#moves.make(id, [...submit, { move, actor: SYSTEM, data }], before.version);
    const same = earlier.map(({ subject }) => subject).filter((one) => one !== id);
    return { state: 'valid', claim: await this.claim(id), receipt, recheck, same: same.reverse() };
  }

  /**
   * Keeps a release or an update, so that claims are resolved in it. A second
   * content under one number is an alarm: a case of its own, which is given.
   */
  async keepArtifact(
    store: ArtifactStore,
    { target, file }: Pick<Artifact, 'target' | 'file'>,
    bytes: Uint8Array,
  ): Promise<Subject | undefined> {
    const name = nameOf(target);
    const digest = await this.#kept.keep(bytes);
    await store.addArtifact({
      target,
      name,
      digest,
      file,
      size: bytes.length,
      at: this.#moves.time(),
    });
    const same = (await store.artifactsNamed(name)).filter((one) => one.target === target);
    const contents = [...new Set(same.map((one) => one.digest))];
    return contents.length < 2 ? undefined : this.#alarm(target, contents);
  }

  /** Opens the alarm, or adds to the one that is open. Asked again, it changes nothing. */
  async #alarm(target: string, contents: readonly Digest[]): Promise<Subject> {
    const fingerprint = alarmFingerprint(target);
    const rows = () => this.#store.list({ kind: 'case', fingerprint, limit: 1 });
    const [row] = await rows();
    if (row === undefined) {
      return this.#moves.numbered('case', async (id) => {
        // Another may have opened it just now.
        if ((await rows()).length > 0) throw movedOn(target);
        await this.#moves.make(id, [
          { move: 'open', actor: SYSTEM, data: alarmData(target, contents) },
        ]);
      });
    }
    const known = await this.case(row.subject);
    const more = contents.filter((one) => !known.contents.includes(one));
    const isStanding = known.state !== 'superseded' && known.state !== 'withdrawn';
    if (more.length > 0 && isStanding) {
      await this.act(row.subject, 'join', SYSTEM, { contents: more });
    }
    return row.subject;
  }

  /** One move on a claim or a case, by a person. */
  async act(id: Subject, move: string, actor: Actor, data: JsonObject = {}): Promise<void> {
    await this.#moves.make(id, [{ move, actor, data }]);
  }

  /**
   * Takes a valid claim: attached to the one that it repeats, which is no
   * corroboration; else accepted into a new case. Gives the case, where there is one.
   */
  async accept(id: Subject, actor: Actor): Promise<Subject | undefined> {
    const claim = await this.claim(id);
    const { fingerprint } = claim;
    const original = await firstOf(this.#store, id, fingerprint);
    // That two are one is for a person to confirm; by time alone a claim joins the case, and opens none.
    const isByTime = actor.role === 'timer';
    if (original !== undefined && (!isByTime || original.case !== undefined)) {
      const act: Act = isByTime
        ? { move: 'accept', actor, data: { case: original.case! } }
        : { move: 'attach', actor, data: { to: original.id, fingerprint: fingerprint ?? '' } };
      const joins: Made[] = [{ id, acts: [act] }];
      if (original.case !== undefined) {
        const join: Act = { move: 'join', actor: SYSTEM, data: { claims: [id] } };
        joins.push({ id: original.case, acts: [join] });
      }
      await this.#moves.makeAll(joins);
      return original.case;
    }
    const { events, state } = await this.#claimEvents(id);
    if (state !== 'valid') {
      // The fold refuses with what can be done instead.
      claimAfter(claim, { move: 'accept', actor, data: {} }, this.#moves.time());
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
    return this.#moves.numbered('case', async (opened) => {
      // Once another has taken the claim, there is no case to open for it.
      if ((await this.claim(id)).version !== claim.version) throw movedOn(id);
      await this.#moves.makeAll([
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
    await this.#moves.make(subject, [
      { move: due.makes, actor: TIMER, data: { says: due.says, ...reasons } },
    ]);
    return true;
  }

  async #claimEvents(id: Subject): Promise<{ events: readonly DocketEvent[]; state: string }> {
    const events = await this.#moves.eventsOf(id);
    return { events, state: claimOf(events).state };
  }
}

function movedOn(id: Subject): Refused {
  return new Refused('docket.conflict', undefined, `${id} was taken by another just now`);
}

/** Deadlines handled at once; the next call goes on. */
const MAX_DUE = 1_000;

function answered(id: Subject): Refused {
  return new Refused('docket.answered', undefined, `${id} was answered already`);
}
