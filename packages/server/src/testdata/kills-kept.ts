import assert from 'node:assert/strict';
import { auditChain, type DocketEvent } from '@avow/docket';
import { readConfig } from '../config/read.ts';
import { openKept } from '../serve/kept.ts';
import { asked, CASE, type Promised } from './kills-load.ts';

/** Holds what a server tells, and what is in its folder, against everything that was acknowledged. Gives jobs by state. */
export async function assertKept(
  url: string,
  data: string,
  promised: Promised,
): Promise<Record<string, number>> {
  const get = async (as: 'ann' | 'lea', path: string) => {
    const found = await asked({ url, isEnding: true }, as, 'GET', path);
    assert.equal(found?.status, 200, `${path}: ${JSON.stringify(found?.body)}`);
    return found!.body;
  };
  for (const [id, text] of promised.claims) {
    assert.equal((await get('ann', `claims/${id}/text`)).text, text);
    const { state } = await get('ann', `claims/${id}`);
    assert.ok(state === 'returned' || state === 'closed', `${id} is ${state}: nobody answered it`);
  }
  for (const [code, text] of promised.codes) {
    const at = { url, isEnding: true };
    const found = await asked(at, undefined, 'POST', 'receipts/read', { code });
    assert.equal(found?.body.text, text);
  }
  for (const id of promised.dismissed) {
    assert.equal((await get('lea', `claims/${id}`)).state, 'closed');
  }
  const said = (await get('lea', `cases/${CASE}`)).statements.map(
    ({ text }: { text: string }) => text,
  );
  assertOnce(said, promised.statements);
  for (const [claim, own] of Map.groupBy(promised.messages, ([, to]) => to)) {
    const written: string[] = [];
    for (let after = ''; ; ) {
      const page = await get('ann', `claims/${claim}/messages?limit=200${after}`);
      written.push(...page.items.map(({ text }: { text: string }) => text));
      if (page.next === undefined) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    assertOnce(
      written,
      own.map(([text]) => text),
    );
  }
  for (const [id, digest] of promised.uploads) {
    const upload = await get('ann', `uploads/${id}`);
    assert.equal(upload.digest, digest);
    assert.equal(upload.state, 'examined', `upload ${id} is ${upload.state}: ${upload.why}`);
  }
  return assertWhole(data, promised);
}

/** Everything that was acknowledged is there, and nothing is there twice. */
function assertOnce(found: readonly string[], acknowledged: Iterable<string>): void {
  assert.deepEqual([...new Set(found)], found, 'something was done twice');
  const all = new Set(found);
  for (const one of acknowledged) assert.ok(all.has(one), `${one} was acknowledged, and is gone`);
}

/** The docket's chain is whole, no claim was answered twice, no product is there twice, no job is left. */
async function assertWhole(data: string, promised: Promised): Promise<Record<string, number>> {
  const kept = await openKept(readConfig({ environment: {}, data, options: {} }));
  try {
    const events: DocketEvent[] = [];
    for await (const event of kept.docket.store.events()) events.push(event);
    auditChain(events);
    for (const [subject, own] of Map.groupBy(events, ({ subject }) => subject)) {
      if (!subject.startsWith('claim-')) continue;
      const moves = own.map(({ move }) => move);
      assert.deepEqual([...new Set(moves)], moves, `${subject}: ${moves.join(', ')}`);
    }
    interface Rows {
      jobs: { kind: string; state: string };
      releases: { id: number; digest: string };
    }
    const tables = kept.database.tables<Rows>();
    const releases = await tables.selectFrom('releases').select('digest').execute();
    assertOnce(
      releases.map(({ digest }) => digest),
      promised.uploads.values(),
    );
    const jobs = await tables.selectFrom('jobs').select(['kind', 'state']).execute();
    const counts: Record<string, number> = {};
    for (const { kind, state } of jobs) {
      counts[`${kind} ${state}`] = (counts[`${kind} ${state}`] ?? 0) + 1;
    }
    return counts;
  } finally {
    await kept.close();
  }
}
