import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { caseOf, DAY } from '@avow/docket';
import { openDocketFolder } from '@avow/stores/docket';
import { newCommand } from '../claim/new.ts';
import { approveCommand, proposeCommand, takeCommand } from './commands.ts';
import { publishCaseCommand } from './publish.ts';
import { runCommand } from './run.ts';
import { packed, SENDS, STEALS } from './testdata/products.ts';

const root = mkdtempSync(join(tmpdir(), 'avow-ranges-'));
after(() => rmSync(root, { recursive: true }));
const signal = new AbortController().signal;
const QUIET = JSON.stringify({
  queries: { os: { query: 'SELECT name FROM os_version;', interval: 60 } },
});
const CARVES = JSON.stringify({
  queries: {
    docs: {
      query: "SELECT * FROM carves WHERE carve = 1 AND path LIKE '/home/%/Documents/%%';",
      interval: 60,
    },
  },
});

interface Story {
  /** Contents by version: those with the feature and those without. */
  readonly before: readonly (readonly [version: string, files: Record<string, string>])[];
  readonly claimed: string;
  readonly text: string;
  /** Kept only after the verdict was published. */
  readonly later: readonly [version: string, files: Record<string, string>];
  readonly first: readonly string[];
  readonly fixed: string;
}

const WITH = { 'lib/steal.js': STEALS };
const WITHOUT = { 'lib/steal.js': 'exports.quiet = () => 1;\n' };
const RECORD = { 'lib/send.js': SENDS, 'packs/fleet.json': CARVES };
const NO_RECORD = { 'lib/send.js': SENDS, 'packs/fleet.json': QUIET };

const STORIES: Readonly<Record<string, Story>> = {
  'in code, over releases': {
    before: [
      ['0.9.0', WITHOUT],
      ['1.0.0', WITH],
      ['1.1.0', WITH],
    ],
    claimed: '1.1.0',
    text: 'pkg:npm/agent@1.1.0#lib/steal.js @line:4\nflow: cred.ssh-pgp -> net.http',
    later: ['1.2.0', WITHOUT],
    first: ['1.0.0'],
    fixed: '1.2.0',
  },
  'in a record, over updates of the same code': {
    before: [
      ['1.0.0', NO_RECORD],
      ['2.0.0', RECORD],
    ],
    claimed: '2.0.0',
    text: 'pkg:npm/agent@2.0.0#packs/fleet.json @rec:docs\nflow: file.user -> net.named-service',
    later: ['3.0.0', NO_RECORD],
    first: [],
    fixed: '3.0.0',
  },
};

for (const [name, story] of Object.entries(STORIES)) {
  test(`affected and fixed, ${name}: computed from what is kept, and corrected when more is`, async () => {
    const docket = join(root, name.replaceAll(/\W+/g, '-'));
    let time = Date.now();
    const now = () => (time += 1_000);
    const as = (who: string) => ({ docket, as: who });
    const keep = (version: string, files: Record<string, string>, text = 'x') => {
      const options = { docket, by: 'cleo', text, cache: false, keep: true, yes: true };
      return newCommand([packed(root, 'agent', version, files)], options, signal, now);
    };
    for (const [version, files] of story.before) {
      await keep(version, files, version === story.claimed ? story.text : 'x');
    }
    await takeCommand(`claim-${story.before.length}`, as('lead:lea'), now);
    for (const who of ['investigator:ana', 'investigator:ben']) {
      await runCommand('case-1', [], { ...as(who), cache: false }, signal, now);
    }
    await proposeCommand(
      'case-1',
      { ...as('lead:lea'), verdict: 'undeclared', why: 'it sends' },
      now,
    );
    time += 8 * DAY;
    await approveCommand('case-1', as('lead:max'), now);
    const output = `${docket}-csaf`;
    const publish = () =>
      publishCaseCommand(
        'case-1',
        {
          ...as('publisher:pia'),
          output,
          name: 'Example Docket',
          namespace: 'https://docket.example',
          base: 'https://docket.example/csaf',
          prefix: 'avow',
          cache: false,
        },
        now,
        signal,
      );
    const id = `avow-${new Date().getFullYear()}-0001`;
    const osv = () => JSON.parse(readFileSync(join(output, 'osv', `${id}.json`), 'utf8'));
    const introduced = [...story.first, story.claimed][0];

    await publish();
    assert.deepEqual(osv().affected[0].versions, [story.claimed, ...story.first]);
    assert.deepEqual(osv().affected[0].ranges[0].events, [{ introduced }]);
    // Published again with nothing new: no revision is made of it.
    await publish();
    await keep(...story.later);
    await publish();
    assert.deepEqual(osv().affected[0].ranges[0].events, [{ introduced }, { fixed: story.fixed }]);
    const { store, close } = openDocketFolder(docket);
    const found = caseOf(await store.eventsOf('case-1'));
    close();
    assert.equal(found.state, 'corrected');
    assert.equal(found.revisions.length, 2);
    assert.match(found.revisions[1]!.summary, new RegExp(`not in ${story.fixed}`));
    const vex = JSON.parse(readFileSync(join(output, 'openvex', `${id}.json`), 'utf8'));
    assert.equal(vex.statements[1].status, 'fixed');
  });
}
