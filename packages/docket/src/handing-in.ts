import { Refused, utf8Bytes } from '@avow/bytes';
import type { JsonObject } from '@avow/log';
import { answerClaim, intakeOf } from './claim/answer.ts';
import { type Claim, claimOf } from './claim/claim.ts';
import type { Intake } from './claim/intake.ts';
import type { Lack } from './claim/lack.ts';
import type { Nearby } from './claim/meant.ts';
import { fingerprintOf, type Receipt, receiptText } from './claim/receipt.ts';
import type { Recheck } from './claim/recheck.ts';
import { productOf, type Stored } from './claim/stored.ts';
import { type Act, type Actor, type Subject, SYSTEM } from './event/event.ts';
import type { Within } from './moves.ts';

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

/** What is asked when a claim is handed in. */
export interface Asked {
  readonly text: string;
  /** The products that it is held against. */
  readonly all: readonly Stored[];
  readonly nearby: Nearby;
  /** Names what is asked, for one that asks again because it did not hear. */
  readonly ask?: string;
}

/** See `Docket.handIn`. */
export async function handIn(
  { store, kept, moves }: Within,
  id: Subject,
  { text, all, nearby, ask }: Asked,
): Promise<HandedIn> {
  const events = await moves.eventsOf(id);
  if (ask !== undefined && events.some(({ data }) => data['ask'] === ask)) throw answered(id);
  const before = claimOf(events);
  const actor: Actor = { name: before.claimant, role: 'claimant' };
  const digest = await kept.keep(utf8Bytes(text));
  const submit: Act[] =
    before.state === 'draft' ? [{ move: 'submit', actor, data: { text: digest } }] : [];
  const again = {
    ...(before.state === 'returned' ? { text: digest } : {}),
    ...(ask === undefined ? {} : { ask }),
  };
  const intake = intakeOf(text, all);
  const found = answerClaim(intake, all, nearby);
  if (found.state === 'lacking') {
    const reasons = found.lacks.map(({ reason }) => reason);
    const move = before.state === 'returned' ? 'turnBackAgain' : 'turnBack';
    const data = { reasons, lacks: found.lacks as unknown as JsonObject[], ...again };
    await moves.make(id, [...submit, { move, actor: SYSTEM, data }], before.version);
    return {
      state: 'returned',
      claim: claimOf(await moves.eventsOf(id)),
      intake,
      lacks: found.lacks,
    };
  }
  const { locator, said, receipt, recheck } = found;
  const fingerprint = fingerprintOf(receipt.module.digest, locator, said, recheck.matched);
  const earlier = await store.list({ kind: 'claim', fingerprint, limit: 100 });
  const data: JsonObject = {
    said: receipt.said,
    locator: receipt.locator,
    target: productOf(locator),
    product: receipt.product.digest,
    module: receipt.module.digest,
    fingerprint,
    receipt: await kept.keep(utf8Bytes(receiptText(receipt))),
    outcome: recheck.outcome,
    ...(receipt.declaration === undefined ? {} : { declaration: receipt.declaration }),
    ...again,
  };
  const move = before.state === 'returned' ? 'complete' : 'resolve';
  await moves.make(id, [...submit, { move, actor: SYSTEM, data }], before.version);
  const same = earlier.map(({ subject }) => subject).filter((one) => one !== id);
  return {
    state: 'valid',
    claim: claimOf(await moves.eventsOf(id)),
    receipt,
    recheck,
    same: same.reverse(),
  };
}

function answered(id: Subject): Refused {
  return new Refused('docket.answered', undefined, `${id} was answered already`);
}
