import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Bench } from './testdata/cli.ts';

const bench = new Bench();
after(() => bench.clear());

const ALERT = 'alert http any any -> any any (msg:"out"; content:"abc"; sid:2019401; rev:3;)\n';
bench.made(
  'db/r.yar',
  'rule A { condition: true }\nrule B { strings: $a = "Evil" condition: $a }\n',
);
bench.made('db/x.rules', ALERT);
bench.made('db/l.txt', '[Adblock]\n||ads.example^$script\n||other.example^\n');

/** What people paste, and the place that is read out of it. */
const PASTED: Readonly<Record<string, string>> = {
  'rule B': 'r.yar @rec:B',
  'default:B': 'r.yar @rec:B',
  'YARA.B.UNOFFICIAL FOUND': 'r.yar @rec:B',
  'rule B { strings: $a = "Evil" condition: $a }': 'r.yar @rec:B',
  'sid:2019401': 'x.rules @rec:1:2019401:3',
  '[1:2019401:3]': 'x.rules @rec:1:2019401:3',
  '1:2019401': 'x.rules @rec:1:2019401:3',
  [ALERT.trim()]: 'x.rules @rec:1:2019401:3',
  '||ads.example^$script': 'l.txt @line:2',
};

for (const [text, place] of Object.entries(PASTED)) {
  test(`pasted into locate and find: ${text}`, () => {
    const { stderr, status } = bench.avow('locate', text, 'db');
    assert.equal(status, 0, stderr);
    assert.ok(stderr.includes(`#${place}`), stderr);
    const found = JSON.parse(bench.avow('find', text, 'db', '--format', 'json').stdout);
    assert.ok(found.products[0].candidates[0].locator.endsWith(`#${place}`));
  });
}

test('a name that no record has is read as other text, and names no place', () => {
  assert.equal(bench.avow('locate', 'rule Nowhere', 'db').status, 2);
});

test('a place may name a YARA rule with the namespace that rules have by themselves, and a signature without revision', () => {
  for (const place of ['r.yar @rec:default:B', 'x.rules @rec:1:2019401']) {
    const { stdout, status } = bench.avow('locate', `pkg:generic/db@1#${place}`, 'db');
    assert.equal(status, 0);
    assert.match(stdout, /makes the product/);
  }
});

test('the first line tells what came and went, also where it takes nothing', () => {
  bench.made('v1/r.yar', 'rule A { condition: true }\n');
  bench.made(
    'v2/r.yar',
    'rule A { condition: true }\nrule B { strings: $a = "Evil" condition: $a }\n',
  );
  const { stdout } = bench.avow('diff', 'v1', 'v2');
  const [, first] = stdout.split('\n');
  assert.match(first!, /^ {2}1 record: added \(1 record now reports files of any kind \(yara\)\)/);
  assert.doesNotMatch(stdout, /No new feature/);
  assert.match(bench.avow('diff', 'v1', 'v1').stdout, /No record does anything new;/);
});

test('two updates beside one product are compared', () => {
  bench.made('product/package.json', '{"name": "p", "version": "1.0.0"}');
  bench.made('product/index.js', "require('node:fs').readFileSync('/etc/hosts');\n");
  bench.made('old.txt', '[Adblock]\n! Version: 1\n||a.example^\n');
  bench.made(
    'new.txt',
    '[Adblock]\n! Version: 2\n||a.example^\n||b.example^$removeheader=x-frame-options\n',
  );
  const run = bench.avow('diff', 'product', 'product', '--with', 'old.txt', 'new.txt');
  assert.equal(run.status, 1, run.stderr);
  assert.match(run.stdout, /1 record now weakens the security of pages/);
  assert.equal(bench.avow('diff', 'product', 'product', '--with', 'old.txt').status, 0);
  assert.equal(bench.avow('diff', 'product', 'product', '--with', 'a', 'b', 'c').status, 2);
});

test('pages and SARIF tell the databases, also those beside', () => {
  const html = bench.avow('examine', 'product', '--with', 'new.txt', '--format', 'html').stdout;
  assert.match(html, /<h2>Database updates<\/h2><h3>new\.txt<\/h3>/);
  assert.match(html, /<dt>Given beside as<\/dt><dd>new\.txt, sha256:/);
  const sarif = bench.avow('examine', 'product', '--with', 'new.txt', '--format', 'sarif').stdout;
  const [database] = JSON.parse(sarif).runs[0].properties.databases;
  assert.deepEqual(
    [database.path, database.beside.name, database.update],
    ['new.txt', 'new.txt', '2'],
  );
});
