import { DAY, Docket, parseReceipt, receiptText } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';

export const DIGEST = `sha256:${'ab'.repeat(32)}` as const;
/** As a re-check would give it; nothing is examined here. */
const RECEIPT = parseReceipt(
  JSON.stringify({
    schema: 'avow.receipt/1',
    locator: 'pkg:npm/x@1.0.0#a.js @line:1',
    said: 'net.http',
    product: { target: 'pkg:npm/x@1.0.0', digest: DIGEST },
    module: { path: 'a.js', digest: DIGEST },
    engine: { version: '1', digest: DIGEST },
    rules: { update: 1, digest: DIGEST },
    result: DIGEST,
    recheck: {
      outcome: 'reproduced',
      matched: [],
      instead: [],
      elsewhere: [],
      unsettled: [],
      verdict: 'undeclared',
      leaves: [],
      gates: [],
      unreached: [],
    },
  }),
);


/** A case of the first of some claims, run by one. */
export async function runOnce(folder: string, now: () => number = Date.now): Promise<void> {
  const { store, kept, close } = openDocketFolder(folder);
  const docket = new Docket(store, kept, now);
  const claim = await docket.write('cleo', 'it phones home');
  for (const other of ['dan', 'eve', 'fay']) await docket.write(other, `claim of ${other}`);
  const text = await docket.keep(Buffer.from('it phones home'));
  await docket.act(claim.id, 'submit', { name: 'cleo', role: 'claimant' }, { text });
  await docket.act(claim.id, 'resolve', { name: 'avow', role: 'system' }, {
    locator: RECEIPT.locator,
    said: RECEIPT.said,
    target: RECEIPT.product.target,
    product: DIGEST,
    module: DIGEST,
    fingerprint: DIGEST,
    receipt: await docket.keep(Buffer.from(receiptText(RECEIPT))),
    outcome: 'reproduced',
  });
  await docket.write('gus', 'another');
  await docket.accept(claim.id, { name: 'lea', role: 'lead' });
  await docket.run('case-1', { name: 'ana', role: 'investigator' }, RECEIPT);
  close();
}

/** The same, run by two, and decided: a day and more than a week later. Gives the time. */
export async function decided(folder: string): Promise<number> {
  let time = Date.now();
  await runOnce(folder, () => time);
  const { store, kept, close } = openDocketFolder(folder);
  const docket = new Docket(store, kept, () => time);
  time += DAY;
  await docket.run('case-1', { name: 'ben', role: 'investigator' }, RECEIPT);
  const data = { outcome: 'undeclared', summary: 'It is there.' };
  await docket.act('case-1', 'propose', { name: 'lea', role: 'lead' }, data);
  time += 8 * DAY;
  await docket.act('case-1', 'approve', { name: 'max', role: 'lead' });
  close();
  return time;
}
