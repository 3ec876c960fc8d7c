import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Run } from 'sarif';
import { EXAMINATION } from '../testdata/examination.ts';
import { sarifLog } from './log.ts';

const log = sarifLog(EXAMINATION);
const run = log.runs[0]!;
const results = run.results!;

/** Ours, written from the specification's text (decision 0105). */
const OWN_SCHEMA = JSON.parse(
  readFileSync(new URL('testdata/sarif.schema.json', import.meta.url), 'utf8'),
);

function faultsOf(document: unknown): unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.validate(OWN_SCHEMA, JSON.parse(JSON.stringify(document)));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test('the log is valid by what the specification says, with nothing beside it', () => {
  assert.deepEqual(faultsOf(log), []);
});

/** What a service would refuse, or show elsewhere: without these the schema would prove nothing. */
const BROKEN: Readonly<Record<string, (run: Run) => void>> = {
  'a column without its line': (run) => {
    delete run.results![0]!.locations![0]!.physicalLocation!.region!.startLine;
  },
  'a line of zero': (run) => {
    run.results![0]!.locations![0]!.physicalLocation!.region!.startLine = 0;
  },
  'what informs at a level': (run) => {
    run.results![1]!.level = 'error';
  },
  'a path with a blank': (run) => {
    run.artifacts![0]!.location!.uri = 'a b';
  },
  'a result without a place': (run) => {
    run.results![0]!.locations = [];
  },
  'an unknown property': (run) => {
    Object.assign(run.results![0]!, { colour: 'red' });
  },
};

for (const [name, change] of Object.entries(BROKEN)) {
  test(`the schema refuses ${name}`, () => {
    const broken = structuredClone(log);
    change(broken.runs[0]!);
    assert.notDeepEqual(faultsOf(broken), []);
  });
}

/** OASIS's schema is not ours to ship: where it is at hand, the log is held to it too. */
const SCHEMA =
  process.env['AVOW_SARIF_SCHEMA'] ?? join(tmpdir(), 'avow-corpus', 'schemas', 'sarif-2.1.0.json');

test('the log is valid by the schema that OASIS publishes', (t) => {
  if (!existsSync(SCHEMA)) return t.skip(`no schema at ${SCHEMA} (npm run schemas fetches it)`);
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  // The body's errata moved it from draft 4 to 2020-12.
  const isOld = `${schema.$schema}`.includes('draft-04');
  const options = { strict: false, allErrors: true };
  const ajv = isOld ? new AjvDraft4.default(options) : new Ajv2020(options);
  addFormats.default(ajv as Ajv2020);
  const isValid = ajv.validate(schema, JSON.parse(JSON.stringify(log)));
  assert.deepEqual(ajv.errors ?? [], []);
  assert.ok(isValid);
});

test('each feature is at its line and column, in the file that the service knows', () => {
  const { physicalLocation } = results[0]!.locations![0]!;
  assert.deepEqual(physicalLocation?.artifactLocation, { uri: 'lib/a.js', index: 0 });
  assert.deepEqual(physicalLocation?.region, { startLine: 12, startColumn: 3 });
  assert.equal(run.columnKind, 'utf16CodeUnits');
});

test('a module in a nested container names its container, and its path starts at its root', () => {
  const { artifactLocation } = results[1]!.locations![0]!.physicalLocation!;
  const artifact = run.artifacts![artifactLocation!.index!]!;
  assert.equal(artifact.location!.uri, '/dist/main.js');
  assert.equal(run.artifacts![artifact.parentIndex!]!.location!.uri, 'app.asar');
});

test('rules and artifacts are those that the indexes point at', () => {
  for (const { ruleId, ruleIndex, locations } of results) {
    assert.equal(run.tool.driver.rules![ruleIndex!]!.id, ruleId);
    const { uri, index } = locations![0]!.physicalLocation!.artifactLocation!;
    assert.equal(run.artifacts![index!]!.location!.uri, uri);
  }
});

test('findings fail at their rank, what is declared informs, what is undecided stays open', () => {
  assert.deepEqual(
    results.map(({ kind, level }) => `${kind} ${level}`),
    ['fail error', 'informational none', 'informational none', 'fail warning', 'open none'],
  );
});

test("a feature's fingerprint is its id, which survives a move of lines", () => {
  assert.deepEqual(results[0]!.partialFingerprints, {
    'avowFeatureId/v1': 'f1',
    primaryLocationLineHash: 'f1',
  });
});

test('hostile text is escaped in what people read', () => {
  assert.match(results[0]!.message.text!, /\\x1b\[2J\\u\{202e\}/);
});

test('a name that could climb or pass for a scheme is encoded', () => {
  const modules = ['../up.js', 'c:/x.js', 'a/./b.js', 'ü #.js'].map((path) => ({
    ...EXAMINATION.modules[0]!,
    path,
  }));
  const { artifacts } = sarifLog({ ...EXAMINATION, modules, features: [], unknowns: [] }).runs[0]!;
  assert.deepEqual(
    artifacts!.map(({ location }) => location!.uri),
    ['%2E%2E/up.js', 'c%3A/x.js', 'a/%2E/b.js', '%C3%BC%20%23.js'],
  );
});

test('modules that were not read are what the tool says of its own work', () => {
  const [notification] = run.invocations![0]!.toolExecutionNotifications!.slice(-1);
  assert.equal(notification!.descriptor!.id, 'worker.crashed');
  assert.equal(notification!.level, 'error');
});

test('a folder within what is scanned has its place there before its paths', () => {
  const { artifacts } = sarifLog(EXAMINATION, 'packages/a b/').runs[0]!;
  assert.equal(artifacts![0]!.location!.uri, 'packages/a%20b/lib/a.js');
});

test('of more results than services take the gravest are kept, and the others are told', () => {
  const many = Array.from({ length: 25_010 }, () => EXAMINATION.features[2]!);
  const features = [...many, EXAMINATION.features[0]!];
  const large = sarifLog({ ...EXAMINATION, features, unknowns: [] }).runs[0]!;
  assert.equal(large.results!.length, 25_000);
  assert.equal(large.results!.at(-1)!.level, 'error');
  const [told] = large.invocations![0]!.toolExecutionNotifications!;
  assert.match(told!.message.text!, /^11 results/);
});
