/**
 * A docket that works until it is killed: claims are written, handed in,
 * accepted, run and decided by several hands at once. It prints `ack <subject>
 * <version>` once a move is acknowledged.
 */
import { writeSync } from 'node:fs';
import { digestOf, utf8Bytes } from '@avow/bytes';
import { type Actor, Docket } from '@avow/docket';
import { openDocketFolder } from '../docket/folder.ts';

const [folder = '', run = ''] = process.argv.slice(2);
const { store, kept, artifacts } = openDocketFolder(folder);
let clock = Date.now();
// A clock that jumps both ways, as clocks do.
const docket = new Docket(
  store,
  kept,
  () => (clock += Number(run) % 2 === 0 ? 86_400_000 : -3_600_000),
);
writeSync(1, 'ready\n');

const RUN = {
  receipt: digestOf('receipt'),
  product: digestOf('product'),
  engine: digestOf('engine'),
  rules: digestOf('rules'),
  result: digestOf('result'),
  outcome: 'reproduced',
};

for (let number = 0; ; number++) {
  const claim = await docket.write(`cleo-${run}`, `text ${run} ${number}`);
  acknowledged(claim.id, 1);
  const bytes = utf8Bytes(`release ${run} ${number}`);
  const target = `pkg:npm/x@${run}.${number}.0`;
  await docket.keepArtifact(artifacts, { target, file: 'x.tgz', bytes, size: bytes.length });
  writeSync(1, `kept ${target} ${digestOf(bytes)}\n`);
  const subject = claim.id;
  await docket.handIn(subject, 'it phones home', []);
  acknowledged(subject, 3);
  const opened = `case-${await store.nextNumber('case')}`;
  const moves: [string, Actor, object][] = [
    [
      'open',
      { name: 'avow', role: 'system' },
      { locator: 'pkg:npm/x@1#a.js @line:1', claims: [subject] },
    ],
    ['run', { name: 'ana', role: 'investigator' }, RUN],
    ['run', { name: 'ben', role: 'investigator' }, RUN],
    ['reproduce', { name: 'ana', role: 'investigator' }, {}],
    [
      'propose',
      { name: 'ana', role: 'investigator' },
      { outcome: 'undeclared', summary: 'it sends' },
    ],
  ];
  for (const [index, [move, actor, data]] of moves.entries()) {
    await docket.act(opened, move, actor, data as Record<string, string>);
    acknowledged(opened, index + 1);
  }
}

function acknowledged(subject: string, version: number): void {
  writeSync(1, `ack ${subject} ${version}\n`);
}
