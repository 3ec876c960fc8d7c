import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '@avow/examine';
import { PLAIN } from '../terminal.ts';
import { excerptsOf } from './excerpt.ts';
import { saysNoFlows } from './says.ts';
import { explainText } from './text.ts';

const AT = 'pkg:npm/x@1.0.0#lib/a.js @line:';

const flow: Flow = {
  id: '0123456789abcdef',
  source: 'env.named',
  destination: 'net.http',
  recipient: 'evil.example',
  transforms: ['json', 'base64'],
  gate: 'env:CI & time',
  hops: [
    { role: 'source', locator: `${AT}2:15`, evidence: '' },
    { role: 'step', locator: `${AT}3:1`, evidence: '' },
    { role: 'destination', locator: `${AT}40:3`, evidence: '' },
  ],
};

const lines = Array.from({ length: 60 }, (_, index) => `line ${index + 1};`);
lines[1] = 'const secret = process.env.TOKEN;';
lines[39] = `  send(${'x'.repeat(200)}, secret); // \u202e\u001b[2J`;
const texts = new Map([['lib/a.js', lines]]);

test('hops that are near each other are shown in one piece, others apart', () => {
  const shown = excerptsOf(flow, texts).map(({ first, last, hops }) => [first, last, hops.length]);
  assert.deepEqual(shown, [
    [1, 5, 2],
    [38, 42, 1],
  ]);
});

test('a flow is told with its transforms and gate, and each hop is marked beneath its column', () => {
  const text = explainText(flow, texts, PLAIN);
  assert.match(text, /^reads an environment variable, then speaks HTTP → evil\.example\n/);
  assert.match(text, /written as JSON, then written as base64/);
  assert.match(text, /decided by the environment variable CI; the time, or chance/);
  assert.match(text, /> 2 \| const secret = process\.env\.TOKEN;\n {4}\| {15}\^ 1\. read here\n/);
  assert.match(text, /\^ 3\. leaves here/);
});

test('no line is wider than 80 columns, and no control or bidi character is printed', () => {
  const text = explainText(flow, texts, PLAIN);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  assert.doesNotMatch(text, /[\u001b\u202e]/);
});

test('a member that is gone is left out, not guessed', () => {
  assert.deepEqual(excerptsOf(flow, new Map()), []);
});

test('where no path was found and where it is not known are said apart', () => {
  assert.deepEqual(
    saysNoFlows([
      { source: 'wallet', to: 'network', state: 'no-path' },
      { source: 'wallet', to: 'file', state: 'no-path' },
      { source: 'screen', to: 'network', state: 'not-known' },
    ]),
    [
      'reads cryptocurrency wallets: no path found to the network, a file',
      'captures the screen: not known whether it goes to the network',
    ],
  );
});
