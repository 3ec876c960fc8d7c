/**
 * CodeQL's own test of "file data in outbound network request" (CWE-200,
 * `javascript/ql/test/query-tests/Security/CWE-200` of github/codeql, MIT),
 * held against ours: at every line that it marks with `Alert` we report a
 * flow. Read from the folder that AVOW_CODEQL_CWE_200 names; never committed.
 * docs/flows.md says where the two differ.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { examineFiles, readRules } from '../../packages/examine/src/flow/testdata/run.ts';

const folder = process.env['AVOW_CODEQL_CWE_200'] ?? '';
const skip = existsSync(folder) ? false : 'AVOW_CODEQL_CWE_200 names no such folder';

/** A mark may stand at the end of a call that we tell at its beginning. */
const CALL_LINES = 7;

/** Lines that are marked for a query of flows out of files, `MISSING` ones too. */
function marked(text: string): number[] {
  const isMark = /\/\/ \$ (?:MISSING: )?Alert(?:\[js\/file-access-to-http\])?(?: |$)/;
  return text.split('\n').flatMap((line, index) => (isMark.test(line) ? [index + 1] : []));
}

test('a flow is found at every line that CWE-200 marks', { skip }, async () => {
  const rules = readRules();
  let marks = 0;
  for (const path of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, path), 'utf8');
    const lines = /\brequire\(.https?.\)|\brequire\(.request.\)/.test(text) ? marked(text) : [];
    const { flows } = await examineFiles([{ path, text }], rules);
    const hops = flows
      .filter(({ source }) => source.startsWith('file.') || source.startsWith('cred.'))
      .flatMap((flow) => flow.hops.slice(1).map(({ locator }) => lineOf(locator)));
    for (const line of lines) {
      marks += 1;
      const isFound = hops.some((hop) => hop <= line && hop >= line - CALL_LINES);
      assert.ok(isFound, `${path}:${line} is on no flow; hops are at ${hops}`);
    }
  }
  assert.ok(marks >= 9, `${marks} marks`);
  console.log(`${marks} marks, each on a flow`);
});

function lineOf(locator: string): number {
  return Number(/@line:(\d+)/.exec(locator)?.[1]);
}
