/**
 * How long a claim on a stored product takes: read, resolved, re-checked.
 *
 * Usage: node bench/docket.ts PRODUCT LOCATOR-TAIL SAID
 * (node bench/docket.ts monaco-editor.tgz "esm/vs/editor/editor.main.js @line:1" net.http)
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storedOf } from '../packages/cli/src/commands/claim/stored.ts';
import { Examiner } from '../packages/cli/src/examiner.ts';
import { Progress } from '../packages/cli/src/progress.ts';
import { Docket } from '../packages/docket/src/index.ts';
import { openDocketFolder } from '../packages/stores/src/docket/index.ts';

const [product = '', tail = '', said = 'net.http'] = process.argv.slice(2);
const examiner = new Examiner(
  { cache: true },
  new Progress(process.stderr, false),
  new AbortController().signal,
);
const folder = mkdtempSync(join(tmpdir(), 'avow-bench-docket-'));
const { store, kept, close } = openDocketFolder(folder);
const docket = new Docket(store, kept, () => Date.now());

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const value = await work();
  console.log(`${name}: ${Math.round(performance.now() - began)} ms`);
  return value;
}

await timed('examined for the first time or from the cache', () => storedOf(examiner, product));
const stored = await timed('examined again, as a re-check is', () => storedOf(examiner, product));
console.log(
  `${stored.files.reduce((all, { size }) => all + size, 0)} bytes, ${stored.files.length} files`,
);
const text = `${stored.examination.product.target}#${tail}\nfeature: ${said}`;
for (const turn of ['first', 'second']) {
  const { id } = await docket.write('bench', text);
  const answer = await timed(`${turn} claim read, resolved, re-checked, written`, () =>
    docket.handIn(id, text, [stored]),
  );
  console.log(answer.state === 'valid' ? answer.recheck.outcome : JSON.stringify(answer.lacks));
}
close();
examiner.close();
rmSync(folder, { recursive: true });
