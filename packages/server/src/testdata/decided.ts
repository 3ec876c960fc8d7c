import { digestOf, utf8Bytes } from '@avow/bytes';
import type { Actor } from '@avow/docket';
import type { Opened } from '../serve/stores.ts';

const person = (name: string, role: Actor['role']): Actor => ({ name, role });

/** A case that only waits to be published, of a claim by `ann`; examined by nobody. Gives its id. */
export async function decidedCase(
  { docket, standing }: Opened,
  target = 'pkg:npm/sends@1.0.0',
): Promise<string> {
  const claim = (await docket.write('ann', `it sends (${target})`)).id;
  await standing.add(claim, 'owner', 'ann');
  const digest = digestOf(target);
  const locator = `${target}#index.js @line:3:19`;
  const facts = { product: digest, engine: digest, rules: digest, result: digest };
  const receipt = await docket.keep(utf8Bytes(receiptText(target, locator, digest)));
  await docket.act(claim, 'submit', person('ann', 'claimant'));
  await docket.act(claim, 'resolve', person('avow', 'system'), {
    ...{ said: 'net.http', locator, target, product: digest, module: digest },
    ...{ fingerprint: digestOf(locator), receipt, outcome: 'reproduced' },
  });
  const id = (await docket.accept(claim, person('lea', 'lead')))!;
  await docket.act(id, 'notify', person('lea', 'lead'));
  const text = await docket.keep(utf8Bytes('We know.'));
  await docket.act(id, 'answer', person('mia', 'vendor'), { text, stance: 'confirms' });
  for (const name of ['ina', 'ivo']) {
    const run = { receipt, ...facts, outcome: 'reproduced' };
    await docket.act(id, 'run', person(name, 'investigator'), run);
  }
  await docket.act(id, 'reproduce', person('ivo', 'investigator'));
  const verdict = { outcome: 'undeclared', summary: 'It sends.' };
  await docket.act(id, 'propose', person('lea', 'lead'), verdict);
  for (const who of [person('mia', 'vendor'), person('ann', 'claimant')]) {
    await docket.act(id, 'state', who, { text, stance: 'agrees' });
  }
  await docket.act(id, 'approve', person('leo', 'lead'));
  return id;
}

function receiptText(target: string, locator: string, digest: string): string {
  return JSON.stringify({
    schema: 'avow.receipt/1',
    locator,
    said: 'net.http',
    product: { target, digest },
    module: { path: 'index.js', digest },
    engine: { version: '1', digest },
    rules: { update: 1, digest },
    result: digest,
    recheck: {
      outcome: 'reproduced',
      matched: ['f1'],
      ...{ leaves: [], gates: [], instead: [], unsettled: [] },
    },
  });
}
