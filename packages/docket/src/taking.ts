import type { JsonObject } from '@avow/log';
import { claimAfter, claimOf } from './claim/claim.ts';
import { attachedTo, firstOf } from './claim/same.ts';
import { type Act, type Actor, type Subject, SYSTEM } from './event/event.ts';
import { type Made, movedOn, type Within } from './moves.ts';

/** See `Docket.accept`. */
export async function takeClaim(
  { store, moves }: Within,
  id: Subject,
  actor: Actor,
): Promise<Subject | undefined> {
  const events = await moves.eventsOf(id);
  const claim = claimOf(events);
  const { fingerprint } = claim;
  const original = await firstOf(store, id, fingerprint);
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
    await moves.makeAll(joins);
    return original.case;
  }
  if (claim.state !== 'valid') {
    // The fold refuses with what can be done instead.
    claimAfter(claim, { move: 'accept', actor, data: {} }, moves.time());
  }
  const target = events.findLast(({ data }) => data['target'] !== undefined)?.data['target'] ?? '';
  const data: JsonObject = {
    locator: claim.locator ?? '',
    said: claim.said ?? '',
    target,
    claims: [id, ...(await attachedTo(store, id, fingerprint))],
    ...(claim.product === undefined ? {} : { product: claim.product }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  return moves.numbered('case', async (opened) => {
    // Once another has taken the claim, there is no case to open for it.
    const { length } = await moves.eventsOf(id);
    if (length !== claim.version) throw movedOn(id);
    await moves.makeAll([
      { id: opened, acts: [{ move: 'open', actor: SYSTEM, data }] },
      { id, acts: [{ move: 'accept', actor, data: { case: opened } }] },
    ]);
  });
}
