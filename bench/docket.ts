/**
 * How long a claim on a stored product takes, and lists of many claims.
 *
 * Usage: node bench/docket.ts PRODUCT LOCATOR-TAIL SAID
 * (node bench/docket.ts typescript-5.9.3.tgz "lib/_tsserver.js @line:100" net.named-service)
 *
 * Each line has its goal; the exit status is 1 where one is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Artifacts } from '../packages/cli/src/commands/claim/artifacts.ts';
import { releaseOfProduct, storedProduct } from '../packages/cli/src/commands/claim/stored.ts';
import { Examiner } from '../packages/cli/src/examiner.ts';
import { Progress } from '../packages/cli/src/progress.ts';
import {
  Docket,
  type ListQuery,
  type NewEvent,
  recheckAgain,
  resolveClaim,
  timeText,
} from '../packages/docket/src/index.ts';
import { parseLocator } from '../packages/locator/src/index.ts';
import { openDocketFolder } from '../packages/stores/src/docket/index.ts';

const GOAL = { resolve: 200, recheck: 5_000, list: 100 } as const;
const CLAIMS = 100_000;

const [product = '', tail = '', said = 'net.http'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'avow-bench-docket-'));
const opened = openDocketFolder(folder);
const docket = new Docket(opened.store, opened.kept, () => Date.now());
let isMissed = false;

async function timed<T>(name: string, work: () => Promise<T> | T, goal?: number): Promise<T> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  // Of this process alone: what of the time was waiting, for readers or for a busy machine.
  const own = `, ${((user + system) / 1_000).toFixed(1)} ms of it computing`;
  const told =
    goal === undefined ? '' : ms <= goal ? ` (goal ${goal}: met)` : ` (goal ${goal}: MISSED)`;
  if (goal !== undefined && ms > goal) isMissed = true;
  console.log(`${name}: ${ms.toFixed(1)} ms${own}${told}`);
  return value;
}

function newExaminer(): Examiner {
  const progress = new Progress(process.stderr, false);
  return new Examiner({ cache: true }, progress, new AbortController().signal);
}

async function claimOnStored(): Promise<void> {
  const artifacts = new Artifacts(opened);
  let examiner = newExaminer();
  const given = await timed('opened', () => examiner.open(product));
  await timed('kept', () => artifacts.keep(docket, given, product));
  await timed('examined, its readings new or from the cache', () => storedProduct(examiner, given));
  examiner.close();
  const locator = parseLocator(`${given.target}#${tail}`);
  const release = await releaseOfProduct(given);
  const size = release.files.reduce((all, one) => all + one.size, 0);
  console.log(`${given.target}: ${size} bytes in ${release.files.length} files`);

  // As another process finds it: the bytes are read back, the place is looked up, the rest is not read.
  for (const turn of ['first', 'again']) {
    await timed(
      `${turn}: found among the artifacts, opened, the place resolved`,
      async () => {
        const [found] = await artifacts.of(given.target);
        const places = await releaseOfProduct(found!);
        const resolution = resolveClaim(locator, [], [places]);
        if (resolution.state !== 'lacking') throw new Error('nothing was examined yet');
      },
      GOAL.resolve,
    );
  }
  examiner = newExaminer();
  const receipt = await timed(
    're-checked: found, opened, examined, held against the claim',
    async () => {
      const [found] = await artifacts.of(given.target);
      const stored = await storedProduct(examiner, found!);
      return recheckAgain(`${given.target}#${tail}`, said, [stored]);
    },
    GOAL.recheck,
  );
  console.log(`${receipt.recheck.outcome}, ${receipt.result}`);
  examiner.close();
}

async function manyClaims(): Promise<void> {
  const states = ['returned', 'valid', 'accepted', 'closed'];
  const chunk = 5_000;
  for (let first = 1; first <= CLAIMS; first += chunk) {
    const events = Array.from({ length: chunk }, (_, index): NewEvent => {
      const number = first + index;
      const at = timeText(Date.now() + number);
      return {
        subject: `claim-${number}`,
        version: 1,
        at,
        act: { move: 'write', actor: { name: 'cleo', role: 'claimant' }, data: {} },
        summary: {
          kind: 'claim',
          state: states[number % 4]!,
          target: `pkg:npm/x@1.0.${number % 50}`,
          said: 'net.http',
          updated: at,
        },
      };
    });
    await opened.store.append(events);
  }
  const queries: Readonly<Record<string, ListQuery>> = {
    'the newest': { kind: 'claim', limit: 50 },
    'in one state': { kind: 'claim', limit: 50, state: 'valid' },
    'of one product': { kind: 'claim', limit: 50, target: 'pkg:npm/x@1.0.7' },
    'of both, from the middle': {
      kind: 'claim',
      limit: 50,
      state: 'valid',
      target: 'pkg:npm/x@1.0.9',
      after: 'claim-50000',
    },
    'the last page': { kind: 'claim', limit: 50, after: 'claim-51' },
  };
  for (const [name, query] of Object.entries(queries)) {
    await timed(`a page of ${CLAIMS} claims, ${name}`, () => opened.store.list(query), GOAL.list);
  }
  await timed(`counts over ${CLAIMS} claims`, () => opened.store.counts(), GOAL.list);
}

try {
  if (product !== '') await claimOnStored();
  await manyClaims();
} finally {
  opened.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = isMissed ? 1 : 0;
