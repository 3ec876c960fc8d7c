import { VOCABULARY } from '@avow/declare';
import type { Flow, NoFlow } from '@avow/examine';
import { shownWithin } from '../shown.ts';

const MAX_RECIPIENT = 60;

/** One sentence of a flow: what is read, what is done to it, where it goes. Safe to print. */
export function saysFlow({ source, destination, recipient }: Flow): string {
  const to = recipient === undefined ? '' : ` → ${shownWithin(recipient, MAX_RECIPIENT)}`;
  return `${VOCABULARY[source].says}, then ${VOCABULARY[destination].says}${to}`;
}

const TRANSFORMS: Readonly<Record<string, string>> = {
  json: 'written as JSON',
  base64: 'written as base64',
  base64url: 'written as base64url',
  hex: 'written in hex',
  'url-encode': 'escaped for a URL',
  encode: 'encoded',
  compress: 'compressed',
  encrypt: 'encrypted',
  slice: 'cut into parts',
};

/** What is done to the data on its way, in order; empty where nothing is. */
export function saysTransforms({ transforms }: Flow): string {
  return transforms.map((one) => TRANSFORMS[one] ?? one).join(', then ');
}

/** What decides whether the flow happens, part by part. */
export function saysGate({ gate }: Flow): string {
  if (gate === undefined) return '';
  return gate.split(' & ').map(saysOne).join('; ');
}

function saysOne(gate: string): string {
  const colon = gate.indexOf(':');
  const name = shownWithin(gate.slice(colon + 1), MAX_RECIPIENT);
  if (gate.startsWith('env:')) return `the environment variable ${name}`;
  if (gate.startsWith('option:')) return `the option ${name}`;
  if (gate === 'time') return 'the time, or chance';
  if (gate === 'remote') return 'an answer from elsewhere';
  return shownWithin(gate, MAX_RECIPIENT);
}

const CLASSES: Readonly<Record<NoFlow['to'], string>> = {
  network: 'the network',
  local: 'other processes and parts',
  file: 'a file',
  clipboard: 'the clipboard',
};

/** For each source and state, the classes of destinations that no flow goes to. */
export function saysNoFlows(noFlows: readonly NoFlow[]): string[] {
  const groups = Map.groupBy(noFlows, ({ source, state }) => `${state} ${source}`);
  return [...groups.values()].map((group) => {
    const [{ source, state }] = group as [NoFlow, ...NoFlow[]];
    const to = group.map((one) => CLASSES[one.to]).join(', ');
    const found = state === 'no-path' ? 'no path found to' : 'not known whether it goes to';
    return `${VOCABULARY[source].says}: ${found} ${to}`;
  });
}
