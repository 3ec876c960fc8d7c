import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compare,
  importDeclaration,
  type Parts,
  type RecordPart,
  readDeclaration,
} from '../index.ts';

const P = 'pkg:npm/a@1.0.0';

function declared(body: string) {
  return readDeclaration(`avow: 1
maker: M
product: pkg:npm/a
versions: 1.0.0
date: "2026-11-23"
${body}`);
}

/** `net.http example.org lib/a.js:3 load`, one feature. */
function feature(text: string, id = text): Parts['features'][number] {
  const [name, recipient, place, when = 'call'] = text.split(' ') as [
    string,
    string,
    string,
    string?,
  ];
  const [path, line] = place.split(':');
  return {
    id,
    feature: name as 'net.http',
    locator: `${P}#${path} @line:${line}`,
    ...(recipient === '-' ? {} : { recipient }),
    when: when as 'call',
  };
}

/** `env.named>net.http example.org lib/a.js:1>lib/a.js:3 env:CI`, one flow. */
function flow(text: string): Parts['flows'][number] {
  const [pair, recipient, hops, gate] = text.split(' ') as [string, string, string, string?];
  const [source, destination] = pair.split('>');
  const places = hops.split('>').map((hop) => `${P}#${hop.replace(':', ' @line:')}`);
  return {
    id: text,
    source: source as 'env.named',
    destination: destination as 'net.http',
    ...(recipient === '-' ? {} : { recipient }),
    ...(gate === undefined ? {} : { gate }),
    hops: places.map((locator, index) => ({
      role: index === 0 ? 'source' : index === places.length - 1 ? 'destination' : 'step',
      locator,
    })),
  };
}

interface Found {
  readonly features?: readonly string[];
  readonly flows?: readonly string[];
  readonly unread?: readonly string[];
}

function parts({ features = [], flows = [], unread = [] }: Found): Parts {
  return {
    modules: unread.map((path) => ({ path, digest: 'sha256:0', state: 'unread' })),
    features: features.map((text) => feature(text)),
    flows: flows.map(flow),
    unknowns: [],
  };
}

/** What a declaration says, what is there, and what is said of it. */
const CASES: Readonly<
  Record<string, readonly [body: string, found: Found, said: readonly string[]]>
> = {
  'what no entry speaks of is undeclared': [
    'entries: []',
    { features: ['net.http example.org lib/a.js:3'] },
    ['low undeclared no-entry net.http example.org lib/a.js:3'],
  ],
  'a coarse entry covers': [
    'entries: [{does: net.*}]',
    { features: ['net.http example.org lib/a.js:3', 'net.tcp - lib/b.js:3'] },
    [],
  ],
  'a host with a wildcard covers subdomains and not the domain': [
    'entries: [{does: net.http, to: "*.example.org"}]',
    {
      features: [
        'net.http a.b.example.org x.js:1',
        'net.http https://c.example.org/x x.js:2',
        'net.http example.org x.js:3',
        'net.http badexample.org x.js:4',
      ],
    },
    [
      'low contradicts recipient net.http example.org x.js:3',
      'low contradicts recipient net.http badexample.org x.js:4',
    ],
  ],
  'an entry for named recipients does not cover one that could not be told': [
    'entries: [{does: net.http, to: example.org}]',
    { features: ['net.http - x.js:1'] },
    ['low undeclared unresolved net.http - x.js:1'],
  ],
  'an entry may admit recipients that cannot be told': [
    'entries: [{does: net.http, to: [example.org, unresolved]}]',
    { features: ['net.http - x.js:1'] },
    [],
  ],
  'paths have wildcards within segments and across them': [
    'entries: [{does: file.write, to: ["/tmp/*", "~/.cache/**"]}]',
    {
      features: [
        'file.write /tmp/x x.js:1',
        'file.write /tmp/x/y x.js:2',
        'file.write ~/.cache/a/b x.js:3',
      ],
    },
    ['low contradicts recipient file.write /tmp/x/y x.js:2'],
  ],
  'another time contradicts': [
    'entries: [{does: exec.spawn, when: call}]',
    { features: ['exec.spawn ls x.js:1 install'] },
    ['low contradicts time exec.spawn ls x.js:1 install'],
  ],
  'another module is undeclared, and the entry is named': [
    'entries: [{does: exec.spawn, by: [lib/, "dist/*.js"]}]',
    {
      features: [
        'exec.spawn ls lib/a/x.js:1',
        'exec.spawn ls dist/x.js:1',
        'exec.spawn ls bin/x.js:1',
      ],
    },
    ['low undeclared module exec.spawn ls bin/x.js:1'],
  ],
  'a promise is kept against an entry that is wider': [
    'entries: [{data: "*"}]\nnever: [{data: cred.*}]',
    { features: ['cred.cloud ~/.aws/credentials x.js:1', 'screen - x.js:2'] },
    ['high contradicts promise cred.cloud ~/.aws/credentials x.js:1'],
  ],
  'a flow needs an entry with its data, and its ends need none then': [
    'entries: [{data: host.profile, does: net.http, to: scarf.sh}]',
    {
      features: ['host.profile - x.js:1', 'net.http scarf.sh x.js:3', 'env.named HOME x.js:2'],
      flows: [
        'host.profile>net.http scarf.sh x.js:1>x.js:3',
        'env.named>net.http scarf.sh x.js:2>x.js:3',
      ],
    },
    ['critical undeclared no-entry env.named>net.http scarf.sh x.js:2>x.js:3'],
  ],
  'a flow without its gate contradicts; consent is taken at its word': [
    'entries: [{data: env.named, does: net.http, gate: env:CI}, {data: screen, does: net.http, gate: "consent:asked"}]',
    {
      flows: [
        'env.named>net.http a.example x.js:1>x.js:2 env:CI',
        'env.named>net.http b.example x.js:3>x.js:4',
        'screen>net.http b.example x.js:5>x.js:6',
      ],
    },
    ['critical contradicts gate env.named>net.http b.example x.js:3>x.js:4'],
  ],
  'a promise about a flow does not forbid its ends': [
    'entries: [{data: screen}, {does: net.http}]\nnever: [{data: screen, does: net.*}]',
    {
      features: ['screen - x.js:1', 'net.http a.example y.js:1'],
      flows: ['screen>net.http a.example x.js:9>y.js:9'],
    },
    ['critical contradicts promise screen>net.http a.example x.js:9>y.js:9'],
  ],
  'data that leaves comes first, then what stays, then neighbours, then the rest': [
    'entries: []',
    {
      features: ['exec.spawn ls a.js:1', 'screen - b.js:1', 'net.tcp x.example b.js:2'],
      flows: [
        'env.named>file.write /tmp/x c.js:1>c.js:2',
        'cred.cloud>net.dns x.example c.js:3>c.js:4',
      ],
    },
    [
      'critical undeclared no-entry cred.cloud>net.dns x.example c.js:3>c.js:4',
      'high undeclared no-entry env.named>file.write /tmp/x c.js:1>c.js:2',
      'medium undeclared no-entry screen - b.js:1',
      'medium undeclared no-entry net.tcp x.example b.js:2',
      'low undeclared no-entry exec.spawn ls a.js:1',
    ],
  ],
  'an entry bound to an id covers that alone': [
    'entries: [{does: exec.spawn, only: "exec.spawn ls x.js:1"}]',
    { features: ['exec.spawn ls x.js:1', 'exec.spawn ls x.js:2'] },
    ['low undeclared no-entry exec.spawn ls x.js:2'],
  ],
};

for (const [name, [body, found, said]] of Object.entries(CASES)) {
  test(name, () => {
    const { findings, states } = compare(parts(found), declared(body));
    assert.deepEqual(
      findings.map(({ rank, kind, because, of }) => `${rank} ${kind} ${because} ${of}`),
      said,
    );
    const ids = [...(found.features ?? []), ...(found.flows ?? [])];
    assert.deepEqual([...states.keys()].sort(), ids.sort(), 'each feature and flow has a state');
  });
}

test('features that say the same in one module are one finding', () => {
  const { findings } = compare(
    parts({ features: ['net.http a.example x.js:1', 'net.http a.example x.js:2'] }),
    declared('entries: []'),
  );
  assert.deepEqual(
    findings.map(({ of, also }) => [of, also]),
    [['net.http a.example x.js:1', ['net.http a.example x.js:2']]],
  );
});

test('an entry is found, not found in what was read, or cannot be seen', () => {
  const declaration = declared(
    'entries: [{does: net.http}, {does: screen, by: lib/a.js}, {does: camera, by: lib/b.js}]'
      .replaceAll('does: screen', 'data: screen')
      .replaceAll('does: camera', 'data: camera'),
  );
  const found = { features: ['net.http - lib/c.js:1'], unread: ['lib/b.js'] };
  const { entries } = compare(parts(found), declaration);
  assert.deepEqual(
    entries.map(({ name, state, covers }) => `${name} ${state} ${covers}`),
    ['entry 1 found 1', 'entry 2 not-found 0', 'entry 3 unseen 0'],
  );
});

test('a promise about what was not read is not called kept', () => {
  const declaration = declared('never: [{data: screen}, {data: camera, by: lib/a.js}]');
  const { promises } = compare(parts({ unread: ['lib/b.js'] }), declaration);
  assert.deepEqual(
    promises.map(({ state }) => state),
    ['unseen', 'kept'],
  );
});

/** Manifest V3 of an extension that may reach one host. */
const MANIFEST = `{"manifest_version": 3, "permissions": ["cookies"], "host_permissions": ["https://api.example/*"]}`;

const HELD_TO_A_MANIFEST: Readonly<Record<string, readonly [flow: string, said: string[]]>> = {
  'data to a host that the manifest does not name is a leak, and ranked as one': [
    'browser.cookies>net.http evil.example bg.js:1>bg.js:2',
    ['critical contradicts recipient'],
  ],
  'data to a host that it names is nothing that it could say more of': [
    'browser.cookies>net.http api.example bg.js:1>bg.js:2',
    [],
  ],
  'data that it does not permit to be read is a leak to a host that it names, too': [
    'browser.history>net.http api.example bg.js:1>bg.js:2',
    ['critical undeclared no-entry'],
  ],
  'data that needs no permission is not held against it': [
    'browser.storage>net.http api.example bg.js:1>bg.js:2',
    [],
  ],
  'a way out that needs no permission is not either': [
    'browser.cookies>net.url-beacon evil.example bg.js:1>bg.js:2',
    [],
  ],
};

for (const [name, [text, said]] of Object.entries(HELD_TO_A_MANIFEST)) {
  test(`held to a manifest: ${name}`, () => {
    const { declaration } = importDeclaration('chrome', MANIFEST);
    // The host of the manifest speaks of tabs' addresses as well, but in its own pages alone.
    const entries = declaration.entries.filter(({ data }) => !data.includes('browser.history'));
    const [source, destination] = text.split(' ')[0]!.split('>') as [string, string];
    const recipient = text.split(' ')[1]!;
    const features = [`${source} - bg.js:1`, `${destination} ${recipient} bg.js:2`];
    const found = parts({ features, flows: [text] });
    const { findings } = compare(found, { ...declaration, entries });
    assert.deepEqual(
      findings.map(({ rank, kind, because }) => `${rank} ${kind} ${because}`),
      said,
    );
  });
}

test('records are not held to a manifest, which has no word for them', () => {
  const { declaration } = importDeclaration('chrome', MANIFEST);
  const record = { id: 'r', locator: `${P}#a.txt @line:1`, action: 'weaken', target: 'page' };
  const found = { ...parts({}), records: [record as RecordPart] };
  const { findings, states } = compare(found, declaration);
  assert.deepEqual([findings, states.get('r')?.state], [[], 'outside']);
});

test('records are compared by database, action, target and recipient', () => {
  const record = (id: string, action: 'send' | 'alert', recipient?: string) => ({
    id,
    locator: `${P}#rules/72_active.cf @rec:${id}`,
    action,
    target: 'message' as const,
    ...(recipient === undefined ? {} : { recipient }),
  });
  const records = [
    record('A', 'alert'),
    record('B', 'send', 'bl.example'),
    record('C', 'send', 'bl.btcblack.it'),
  ];
  const declaration = declared(
    'databases: [{database: "rules/*.cf", actions: [alert]}, {database: rules/, actions: send, to: bl.example}]',
  );
  const { findings } = compare({ ...parts({}), records }, declaration);
  assert.deepEqual(
    findings.map(({ of, rank, remedy }) => [of, rank, remedy.to]),
    [['C', 'critical', 'databases']],
  );
});
