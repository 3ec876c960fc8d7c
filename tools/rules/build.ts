/**
 * `npm run rules` checks the sources under `rules/` and writes
 * `rules/update.json`; with `--publish` it also enters the update into
 * `rules/history.json`, after which that number stands for that digest alone.
 * A number not yet published may be rebuilt.
 */
import { writeFileSync } from 'node:fs';
import { FOLDER, makeUpdate, printUpdate, readHistory, readSources } from './update.ts';

const source = readSources();
if (source.faults.length > 0) {
  console.error(source.faults.join('\n'));
  console.error(`${source.faults.length} faults; update.json was left as it is`);
  process.exit(1);
}
const history = readHistory();
const update = makeUpdate(source, history, new Date().toISOString().slice(0, 10));
writeFileSync(new URL('update.json', FOLDER), printUpdate(update));
if (process.argv.includes('--publish')) {
  const { date, digest } = update;
  const entries = { ...history, [update.update]: { date, digest } };
  writeFileSync(new URL('history.json', FOLDER), `${JSON.stringify(entries, null, 2)}\n`);
}
console.log(
  `update ${update.update}: ${update.rules.length} rules, ${update.tables.length} table rows, ${update.digest}`,
);
