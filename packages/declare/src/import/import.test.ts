import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chooseDeclaration,
  compare,
  type Declaration,
  DeclarationRefused,
  exportDeclaration,
  FORM_NAMES,
  type Form,
  importDeclaration,
} from '../index.ts';

/** What a declaration says, without names and places. */
function said({ entries, promises }: Declaration): string[] {
  const entry = entries.flatMap(({ data, does, from, to, by, when }) => {
    const limits = JSON.stringify([from, to, by, when]);
    const hosts = to.length === 0 ? ['*'] : to;
    return data.length > 0 && does.length > 0
      ? [`${[...data].sort()} > ${[...does].sort()} ${limits}`]
      : [...data, ...does].flatMap((id) =>
          hosts.map((host) => `${id} ${host} ${from} ${by} ${when}`),
        );
  });
  const never = promises.map(({ data, does, to }) => `never ${data} ${does} ${to}`);
  return [...new Set([...entry, ...never])].sort();
}

const SAMPLES: Readonly<Record<Form, string>> = {
  chrome: JSON.stringify({
    manifest_version: 3,
    permissions: ['cookies', 'tabs', 'alarms', 'webRequest', 'scripting', 'clipboardWrite'],
    host_permissions: ['*://*.example.org/*', 'https://api.example.com/v1/*', '<all_urls>'],
    browser_specific_settings: {
      gecko: {
        data_collection_permissions: { required: ['locationInfo', 'technicalAndInteraction'] },
      },
    },
  }),
  vscode: JSON.stringify({
    engines: { vscode: '^1.90.0' },
    contributes: { debuggers: [{}], commands: [], taskDefinitions: [] },
    scripts: { 'vscode:uninstall': 'node x.js' },
  }),
  apple: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>NSPrivacyTracking</key><true/>
  <key>NSPrivacyTrackingDomains</key><array><string>t.example</string></array>
  <key>NSPrivacyCollectedDataTypes</key><array>
    <dict><key>NSPrivacyCollectedDataType</key><string>NSPrivacyCollectedDataTypePreciseLocation</string>
      <key>NSPrivacyCollectedDataTypePurposes</key><array><string>NSPrivacyCollectedDataTypePurposeAnalytics</string></array></dict>
  </array>
  <key>NSPrivacyAccessedAPITypes</key><array>
    <dict><key>NSPrivacyAccessedAPIType</key><string>NSPrivacyAccessedAPICategoryFileTimestamp</string></dict>
  </array>
</dict></plist>`,
  deno: `{ // comments are allowed
    "permissions": { "default": { "read": ["./data"], "net": { "allow": ["example.org:443"], "deny": ["evil.example"] }, "env": true, "run": ["git"] } },
    "tasks": { "start": "deno run -W=./out --allow-sys main.ts" },
  }`,
  lavamoat: JSON.stringify({
    resources: {
      'a>@b/c': {
        builtin: { 'fs.readFileSync': true, 'node:https': true },
        globals: { 'process.env': true, console: true },
      },
      d: { native: true },
    },
  }),
  cackle:
    '[common]\nversion = 1\n\n[pkg.serde]\nbuild.allow_apis = ["process"]\n\n[pkg.ureq]\nallow_unsafe = true\nallow_apis = ["net", "fs", "gpu"]\n',
};

const WORDS: Readonly<Record<Form, readonly (readonly [name: string, line: number])[]>> = {
  chrome: [],
  vscode: [],
  apple: [],
  deno: [
    ['read', 2],
    ['net', 2],
    ['env', 2],
    ['run', 2],
    ['write', 3],
    ['sys', 3],
  ],
  lavamoat: [],
  cackle: [
    ['serde build: process', 4],
    ['ureq: net', 7],
    ['ureq: fs', 7],
  ],
};

for (const form of FORM_NAMES) {
  test(`${form}: what is imported, exported and imported again says the same`, () => {
    const { declaration } = importDeclaration(form, SAMPLES[form]);
    assert.notEqual(declaration.entries.length, 0);
    const { text, lost } = exportDeclaration(form, declaration);
    assert.deepEqual(lost, []);
    assert.deepEqual(said(importDeclaration(form, text).declaration), said(declaration));
    const words = WORDS[form];
    if (words.length > 0) {
      assert.deepEqual(
        declaration.entries.map(({ name, spot }) => [name, spot.line]),
        words,
      );
    }
  });

  test(`${form}: what the form cannot say is told as lost`, () => {
    const { declaration } = importDeclaration(form, SAMPLES[form]);
    const [first] = declaration.entries;
    const odd = { ...first!, name: 'odd', data: [], does: ['priv.elevate'] as const, by: ['x.js'] };
    const { lost } = exportDeclaration(form, {
      ...declaration,
      entries: [...declaration.entries, odd],
    });
    assert.deepEqual(lost, ['odd']);
  });
}

test('a manifest names each permission at its line, and what says nothing is listed', () => {
  const text =
    '{\n  "manifest_version": 3,\n  "permissions": [\n    "cookies",\n    "alarms"\n  ]\n}';
  const { declaration, unsaid } = importDeclaration('chrome', text);
  assert.deepEqual(
    declaration.entries.map(({ name, spot }) => [name, spot]),
    [['cookies', { line: 4, column: 5 }]],
  );
  assert.deepEqual(unsaid, [{ word: 'alarms', line: 5 }]);
});

test('a match pattern covers the domain and what is below it', () => {
  const { declaration } = importDeclaration('chrome', SAMPLES.chrome);
  const hosts = declaration.entries
    .filter(({ does }) => does.includes('net.websocket'))
    .map(({ to }) => to);
  assert.deepEqual(hosts.slice(0, 3), [
    ['example.org', '*.example.org'],
    ['https://api.example.com/v1/*'],
    ['*'],
  ]);
});

test('an extension that says it collects nothing, and sends, breaks its promise', () => {
  const { declaration } = importDeclaration(
    'chrome',
    JSON.stringify({
      manifest_version: 2,
      permissions: ['tabs', 'https://x.example/*'],
      browser_specific_settings: { gecko: { data_collection_permissions: { required: ['none'] } } },
    }),
  );
  const place = (line: number) => `pkg:generic/x@1#bg.js @line:${line}`;
  const { findings } = compare(
    {
      modules: [],
      unknowns: [],
      features: [
        { id: 's', feature: 'browser.history', locator: place(1), when: 'call' },
        { id: 'd', feature: 'net.http', locator: place(2), when: 'call', recipient: 'x.example' },
        { id: 'o', feature: 'env.named', locator: place(3), when: 'call', recipient: 'HOME' },
      ],
      flows: [
        {
          id: 'w',
          source: 'browser.history',
          destination: 'net.http',
          recipient: 'x.example',
          hops: [
            { role: 'source', locator: place(1) },
            { role: 'destination', locator: place(2) },
          ],
        },
      ],
    },
    declaration,
  );
  assert.deepEqual(
    findings.map(({ of, because, rank }) => [of, because, rank]),
    [['w', 'promise', 'critical']],
  );
});

test('a manifest without a word on collected data is not held to flows', () => {
  const { declaration } = importDeclaration(
    'chrome',
    '{"manifest_version": 3, "permissions": ["tabs"]}',
  );
  assert.equal(declaration.speaksOf?.flows, false);
});

const BROKEN: Readonly<Record<string, readonly [Form, string, string]>> = {
  'JSON that ends early': ['chrome', '{"permissions": [', '1:18 import.syntax'],
  'JSON too deep': ['chrome', '['.repeat(100_000), '1:1 import.too-deep'],
  'JSON too large': ['deno', ' '.repeat(9 * 1024 * 1024), '1:1 import.too-large'],
  'a broken property list': ['apple', '<plist>\n<dict></plist>', '2:7 import.syntax'],
  'a property list without a dictionary': ['apple', '<plist><array/></plist>', '1:1 import.syntax'],
  'a deep property list': ['apple', `<plist>${'<array>'.repeat(20_000)}`, '1:1 import.too-deep'],
  'entities of entities': [
    'apple',
    '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><plist><dict><key>&c;</key><true/></dict></plist>',
    '1:69 import.syntax',
  ],
  'broken TOML': ['cackle', '[pkg\n', '1:5 import.syntax'],
};

for (const [name, [form, text, wanted]] of Object.entries(BROKEN)) {
  test(`refused at its place: ${name}`, () => {
    try {
      importDeclaration(form, text);
    } catch (error) {
      assert.ok(error instanceof DeclarationRefused, String(error));
      const [fault] = error.faults;
      assert.equal(`${fault?.line}:${fault?.column} ${fault?.code}`, wanted);
      return;
    }
    assert.fail('nothing was refused');
  });
}

test('manifests of any shape are read or refused, never thrown at', () => {
  const values = ['null', '1', '"x"', '[]', '{}', '[[]]', '{"a":[{}]}', 'true'];
  const keys = [
    'permissions',
    'host_permissions',
    'content_scripts',
    'contributes',
    'scripts',
    'resources',
    'tasks',
    'browser_specific_settings',
    '__proto__',
    'constructor',
  ];
  for (const form of ['chrome', 'vscode', 'deno', 'lavamoat'] as const) {
    for (const value of values) {
      importDeclaration(form, value);
      for (const key of keys) importDeclaration(form, `{"${key}": ${value}}`);
      importDeclaration(form, `{"permissions": {"default": ${value}, "x": {"read": ${value}}}}`);
      importDeclaration(
        form,
        `{"resources": {"a": {"builtin": ${value}, "native": ${value}, "globals": {"constructor": true}}}}`,
      );
    }
  }
});

test("the product's own declaration is taken before a manifest, the shallowest of its kind", () => {
  const texts: Record<string, string> = {
    'usr/share/webext/x/manifest.json': '{"manifest_version": 2}',
    'manifest.json': '{"name": "a web application"}',
    'package.json': '{"name": "x"}',
    'node_modules/y/avow.yaml': '',
  };
  const textOf = (path: string): string => texts[path] ?? '';
  const folder = 'usr/share/webext/x/';
  assert.deepEqual(chooseDeclaration(Object.keys(texts), textOf, `${folder}js/`), {
    path: `${folder}manifest.json`,
    form: 'chrome',
  });
  // Code lies outside that folder: its manifest speaks for a part only.
  assert.equal(chooseDeclaration(Object.keys(texts), textOf, 'usr/'), undefined);
  assert.deepEqual(
    chooseDeclaration([...Object.keys(texts), 'avow.yml'], textOf)?.path,
    'avow.yml',
  );
  assert.equal(chooseDeclaration(['package.json', 'index.js'], textOf), undefined);
});
