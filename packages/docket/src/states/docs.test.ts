import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { REASONS } from '../claim/reasons.ts';
import { describeMachine, describeRoles } from './describe.ts';
import { MACHINES } from './machines.ts';

const ROOT = new URL('../../../../', import.meta.url);
const PAGE = new URL('docs/docket.md', ROOT);
const PARTS: Readonly<Record<string, string>> = {
  roles: describeRoles(),
  ...Object.fromEntries(MACHINES.map((machine) => [machine.name, describeMachine(machine)])),
};

/** `AVOW_WRITE_DOCS=1 node --test …` writes what the tables say. */
test('docs/docket.md shows the tables as the code has them', () => {
  let page = readFileSync(PAGE, 'utf8');
  const had = page;
  for (const [name, text] of Object.entries(PARTS)) {
    const [start, end] = [`<!-- ${name}: from the table -->`, `<!-- /${name} -->`];
    const [from, to] = [page.indexOf(start), page.indexOf(end)];
    assert.ok(from >= 0 && to > from, `${name} has its place`);
    page = `${page.slice(0, from)}${start}\n\n${text}\n\n${page.slice(to)}`;
  }
  if (process.env['AVOW_WRITE_DOCS'] === '1') writeFileSync(PAGE, page);
  else assert.equal(had, page);
});

test('every reason code has its page, which says what it says, and no page is of another', () => {
  for (const [code, { says, next }] of Object.entries(REASONS)) {
    const page = new URL(`docs/claims/${code}.md`, ROOT);
    assert.ok(existsSync(page), `${code} has a page`);
    const text = readFileSync(page, 'utf8');
    assert.ok(text.startsWith(`# ${code}\n`) && text.includes(says) && text.includes(next), code);
  }
  const pages = globSync('docs/claims/*.md', { cwd: ROOT }).map((path) => path.slice(12, -3));
  assert.deepEqual(pages.filter((code) => !Object.hasOwn(REASONS, code)).sort(), []);
});
