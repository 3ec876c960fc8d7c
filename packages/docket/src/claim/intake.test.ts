import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Known, type Locator, parseTarget, printLocator } from '@avow/locator';
import { readClaim } from './intake.ts';

const TARGET = 'pkg:npm/agent@4.1.0';
const PATHS = (
  'lib/send.js lib/send.ts lib/net/client.js bin/libscan.so dist/codec.wasm lib/Net.dll ' +
  'app.asar!/main.js db/daily.ldb db/apt.yar rules/emerging.rules lib/agent.py src/Agent.java ' +
  'src/Agent.kt src/Agent.cs cmd/agent.go src/main.rs web/agent.php lib/agent.rb lib/agent.pl ' +
  'lib/agent.lua lib/agent.dart lib/agent.ex src/Agent.swift lib/agent.sh lib/agent.ps1 ' +
  'src/scan.c bin/eav.exe bin/eavmod.ko db/72_active.cf filters/easylist.txt'
).split(' ');
const RECORDS = [
  { path: 'db/daily.ldb', id: 'Win.Trojan.Agent-6598770-0' },
  { path: 'db/apt.yar', id: 'default:Equation_Loader' },
  { path: 'rules/emerging.rules', id: '1:2019401:3' },
  ...['GB_HASHBL_BTC', 'BAYES_99', 'HTML_MESSAGE'].map((id) => ({ path: 'db/72_active.cf', id })),
];
const KNOWN: Known = { target: parseTarget(TARGET), paths: PATHS };

const SETS = ['places', 'more-places', 'held-places', 'fourth-places'];
const BLIND = ['fifth-places', 'sixth-places', 'seventh-places'];
const WAYS = [...SETS, ...BLIND]
  .flatMap((name) =>
    readFileSync(new URL(`./testdata/${name}.txt`, import.meta.url), 'utf8').split('\n'),
  )
  .filter((line) => line !== '' && !/^#(?! .* => |\d)/.test(line))
  .map((line) => {
    const at = line.lastIndexOf(' => ');
    return {
      pasted: line.slice(0, at).replaceAll('\\n', '\n').replaceAll('\\t', '\t'),
      means: line.slice(at + 4),
    };
  })
  .map(({ pasted, means }) => ({
    pasted,
    means: means === '?' ? undefined : `${TARGET}#${means}`,
  }));

/** One line of prose around a locator, and what is said in it. */
test('a locator in prose is read, and so is what the prose says is there', () => {
  const text = 'In pkg:npm/agent@4.1.0#lib/send.js @line:12:3 it reads ssh keys and uploads them.';
  const { locators, said, lacks, isCanonical } = readClaim(text, KNOWN, RECORDS);
  assert.deepEqual(locators.map(printLocator), ['pkg:npm/agent@4.1.0#lib/send.js @line:12:3']);
  assert.deepEqual(said, [{ source: 'cred.ssh-pgp', destination: 'net.http' }]);
  assert.deepEqual(lacks, []);
  assert.ok(isCanonical, 'the canonical text itself was typed');
  assert.ok(!readClaim('lib/send.js:12:3\nfeature: net.http', KNOWN).isCanonical);
});

test('a name that can end in a full stop is asked about: is it the name or the sentence that ends?', () => {
  const { locators, lacks } = readClaim(
    'See pkg:npm/agent@4.1.0#bin/libscan.so @sym:scan_file.\nfeature: net.http',
    KNOWN,
  );
  assert.deepEqual(locators.map(printLocator), [
    'pkg:npm/agent@4.1.0#bin/libscan.so @sym:scan_file.',
    'pkg:npm/agent@4.1.0#bin/libscan.so @sym:scan_file',
  ]);
  assert.deepEqual(lacks, ['ambiguous']);
});

test('200 ways of naming a place: at least 95 in 100 are understood, and none is guessed wrong', () => {
  const strange: string[] = [];
  const guessed: string[] = [];
  for (const { pasted, means } of WAYS) {
    const { locators, lacks } = readClaim(pasted, KNOWN, RECORDS);
    const read = locators.map((one: Locator) => printLocator(one));
    const isAsked = lacks.some((code) => code !== 'missing-feature');
    if (means === undefined) {
      if (!isAsked) guessed.push(`${pasted} as ${read}`);
    } else if (isAsked || read.length !== 1 || read[0] !== means) {
      strange.push(`${pasted}\n    means ${means}\n    read as [${read}] ${lacks}`);
      if (!isAsked) guessed.push(`${pasted} as ${read}`);
    }
  }
  console.log(`${WAYS.length - strange.length} of ${WAYS.length} ways understood`);
  assert.ok(WAYS.length >= 200, `${WAYS.length} ways`);
  assert.deepEqual(guessed, []);
  assert.ok(
    strange.length <= WAYS.length * 0.05,
    `${strange.length} strange:\n${strange.join('\n')}`,
  );
});
