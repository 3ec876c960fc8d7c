import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { OBJECTS } from '@avow/server/testdata';
import { ROUTES } from './pages/routes.ts';
import { PEOPLE, type PeopledSite, startPeopled, type Visitor } from './testkit/people.ts';

const PAGE = new URL('../../../docs/access-pages.md', import.meta.url);
const EVERYONE: readonly Visitor[] = ['anonymous', ...(Object.keys(PEOPLE) as Visitor[])];

let site: PeopledSite;
before(async () => {
  site = await startPeopled();
});
after(() => site?.stop());

/** What is done by the forms of one address; each is a row. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  '/claims/:claim{claim-[0-9]+}': ['write', 'complete', 'accept', 'withdraw'],
  '/cases/:case{case-[0-9]+}': [
    'moderate',
    'state',
    'propose',
    'take',
    'notify',
    'run',
    'approve',
    'publish',
  ],
};

/** Fields that every form finds what it wants in, and whose values are wrong where that ends something. */
const FIELDS = {
  text: 'a text',
  summary: 'a summary',
  outcome: 'unknown',
  what: '1',
  hide: 'yes',
  reason: 'a reason',
  code: '000',
  id: 'none',
};

test('who sees which page and whose forms do something is what docs/access-pages.md says', async () => {
  const rows: string[] = [];
  for (const { path, method = 'GET' } of ROUTES) {
    const acts = method === 'POST' ? (ACTS[path] ?? [undefined]) : [undefined];
    for (const act of acts) {
      const cells: string[] = [];
      let values = await valuesOf(path);
      for (const as of EVERYONE) {
        // A session that ended would be nobody's in the next row.
        if (/^\/(?:sign-out|account\/leave)$/.test(path) && as !== 'anonymous') cells.push('303');
        else cells.push(await told(as, path, method, act, values));
        if (method === 'POST' && cells.at(-1) === '303') values = await valuesOf(path);
      }
      const form = act === undefined ? '' : ` ${act}`;
      rows.push(
        `| ${method} ${path.replaceAll(/\{(?:[^{}]|\{\d+\})*\}/g, '')}${form} | ${cells.join(' | ')} |`,
      );
    }
  }
  const table = [
    `| page | ${EVERYONE.join(' | ')} |`,
    `|${' --- |'.repeat(EVERYONE.length + 1)}`,
    ...rows,
  ].join('\n');
  const text = readFileSync(PAGE, 'utf8');
  const wanted = `${text.slice(0, text.indexOf('| page |'))}${table}\n`;
  if (process.env['AVOW_WRITE'] === '1') writeFileSync(PAGE, wanted);
  assert.equal(readFileSync(PAGE, 'utf8'), wanted);
});

/** A fresh, hidden object for an address. */
async function valuesOf(path: string): Promise<Readonly<Record<string, string>>> {
  const named = /:(product|release|update|job|claim|case)\b/.exec(path)?.[1];
  const kind = named === 'update' ? 'release' : named;
  return kind === undefined ? {} : OBJECTS[kind]!(site.running.stores, false);
}

/** The status of a page, or of what a form came to. */
async function told(
  as: Visitor,
  path: string,
  method: string,
  act: string | undefined,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const at = path
    .replaceAll(/:(\w+)(?:\{(?:[^{}]|\{\d+\})*\})?/g, (_, name) => values[name] ?? '1')
    .replaceAll('*', 'nowhere');
  const form = method === 'GET' ? undefined : { ...FIELDS, ...(act === undefined ? {} : { act }) };
  const { status, text } = await site.ask(as, at, form);
  assert.ok(status < 500, `${as} ${method} ${at} ${act}: ${text}`);
  return String(status);
}
