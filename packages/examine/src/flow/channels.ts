import { child, children, Flag, Kind, nameOf, Role, textOf } from '@avow/formats';
import { type AccessPath, under, WHOLE, within } from './access.ts';
import { handTo } from './calls.ts';
import { fixedText } from './constants.ts';
import type { Follower } from './follower.ts';
import type { Unit } from './program.ts';
import type { Edge } from './tabulation.ts';

/**
 * Way stations: data that is emitted, posted, stored or written goes on where
 * the product listens, loads or reads under the same name.
 */
export function send(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  call: number,
  position: number,
  path: AccessPath,
): void {
  const { tree } = unit;
  const callee = call + 1;
  const name = nameOf(tree, callee);
  if (name === undefined || position < 0) return;
  const list = children(tree, call, Role.Argument);
  const to = (channel: string | undefined, inner: AccessPath): void => {
    if (channel === undefined) return;
    follower.go(edge, { kind: 'channel', name: channel }, inner, follower.point(unit, call));
  };
  const key = fixedText(unit, list[0]);
  switch (name) {
    case 'emit':
      if (position > 0 && key !== undefined) to(`event:${key}`, within(String(position - 1), path));
      return;
    case 'send':
    case 'sendSync':
    case 'invoke':
    case 'sendToHost':
      if (position > 0 && key !== undefined) to(`ipc:${key}`, within(String(position - 1), path));
      else if (name === 'send' && nameOf(tree, callee + 1) === 'process') to('message', path);
      return;
    case 'postMessage':
      if (position === 0) to('message', path);
      return;
    case 'sendMessage':
      to('runtime-message', path);
      return;
    case 'dispatchEvent':
      if (position === 0) to(eventOf(unit, list[0]!), path);
      return;
    case 'setItem':
      if (position === 1 && key !== undefined) to(`storage:${key}`, path);
      return;
    case 'set':
      if (
        position === 0 &&
        /\bstorage\.(?:local|sync|session|managed)$/.test(receiverText(unit, callee))
      ) {
        to('extension-storage', path);
      }
      return;
    case 'writeFile':
    case 'writeFileSync':
    case 'appendFile':
    case 'appendFileSync':
    case 'outputFile':
    case 'outputFileSync':
      if (position === 1 && key !== undefined) to(`file:${key}`, path);
      return;
    default:
  }
}

/** The channel of `dispatchEvent(new CustomEvent('name', …))`. */
function eventOf(unit: Unit, event: number): string | undefined {
  const name = unit.tree.kind[event] === Kind.New ? child(unit.tree, event, Role.Argument) : -1;
  const key = name < 0 ? undefined : fixedText(unit, name);
  return key === undefined ? undefined : `event:${key}`;
}

function receiverText({ tree }: Unit, callee: number): string {
  return tree.kind[callee] === Kind.Member ? textOf(tree, callee + 1) : '';
}

/** Data on a channel arrives at every listener and reader of it in the product. */
export function receive(follower: Follower, edge: Edge, channel: string): void {
  const colon = channel.indexOf(':');
  const kind = colon < 0 ? channel : channel.slice(0, colon);
  const key = colon < 0 ? '' : channel.slice(colon + 1);
  switch (kind) {
    case 'event':
      listeners(follower, edge, key, ['on', 'once', 'addListener', 'addEventListener'], 0);
      return;
    case 'ipc':
      listeners(follower, edge, key, ['on', 'once', 'handle', 'handleOnce', 'addListener'], 1);
      return;
    case 'message':
      messages(follower, edge);
      return;
    case 'runtime-message':
      runtimeMessages(follower, edge);
      return;
    case 'storage':
      readers(follower, edge, key, ['getItem']);
      return;
    case 'extension-storage':
      extensionStorage(follower, edge);
      return;
    case 'file':
      readers(follower, edge, key, [
        'readFile',
        'readFileSync',
        'createReadStream',
        'readJson',
        'readJsonSync',
      ]);
      return;
    case 'global':
      globals(follower, edge, key);
      return;
    default:
  }
}

/** The word to look for in modules' text; a written-out expression has no one word. */
function unitsWith(follower: Follower, key: string, fallback: string): readonly Unit[] {
  return follower.program.containing(key.startsWith('=') ? fallback : key);
}

function listeners(
  follower: Follower,
  edge: Edge,
  key: string,
  names: readonly string[],
  shift: number,
): void {
  for (const unit of unitsWith(follower, key, names[0]!)) {
    for (const call of names.flatMap((name) => unit.index.callsNamed(name))) {
      const [first, callback] = children(unit.tree, call, Role.Argument);
      if (callback === undefined || fixedText(unit, first) !== key) continue;
      for (let index = 0; index < 4; index += 1) {
        const inner = under(edge.path, String(index));
        // A DOM event is handed over itself, not as a list of arguments.
        const isDom = edge.path === WHOLE || inner === undefined;
        if (isDom && index > 0) break;
        handTo(follower, edge, unit, callback, index + shift, isDom ? edge.path : inner, call);
      }
    }
  }
}

/** `onmessage`, `addEventListener('message')`, `on('message')`: the event's `data`, or the message itself. */
function messages(follower: Follower, edge: Edge): void {
  for (const unit of follower.program.containing('message')) {
    const { tree } = unit;
    for (const name of ['on', 'once', 'addListener', 'addEventListener']) {
      for (const call of unit.index.callsNamed(name)) {
        const [first, callback] = children(tree, call, Role.Argument);
        if (callback === undefined || fixedText(unit, first) !== 'message') continue;
        const path = name === 'addEventListener' ? within('data', edge.path) : edge.path;
        handTo(follower, edge, unit, callback, 0, path, call);
      }
    }
    for (let node = 0; node < tree.count; node += 1) {
      if (tree.kind[node] !== Kind.Assignment || nameOf(tree, node + 1) !== 'onmessage') continue;
      const handler = child(tree, node, Role.Right);
      handTo(follower, edge, unit, handler, 0, within('data', edge.path), node);
    }
  }
}

/** `runtime.onMessage.addListener((message, sender, respond) => …)` and its kin. */
function runtimeMessages(follower: Follower, edge: Edge): void {
  for (const unit of follower.program.containing('onMessage')) {
    for (const call of unit.index.callsNamed('addListener')) {
      if (!/\bonMessage(?:External)?$/.test(receiverText(unit, call + 1))) continue;
      const [callback] = children(unit.tree, call, Role.Argument);
      if (callback !== undefined) handTo(follower, edge, unit, callback, 0, edge.path, call);
    }
  }
}

function readers(follower: Follower, edge: Edge, key: string, names: readonly string[]): void {
  for (const name of names) {
    for (const unit of unitsWith(follower, key, name)) {
      for (const call of unit.index.callsNamed(name)) {
        const list = children(unit.tree, call, Role.Argument);
        if (fixedText(unit, list[0]) !== key) continue;
        follower.value(edge, unit, call, edge.path, call);
        const callback = list.at(-1);
        if (list.length > 1 && callback !== undefined) {
          handTo(follower, edge, unit, callback, 1, edge.path, call);
        }
      }
    }
  }
}

/** `chrome.storage.local.get(keys, callback)`, or its promise. */
function extensionStorage(follower: Follower, edge: Edge): void {
  for (const unit of follower.program.containing('storage')) {
    for (const call of unit.index.callsNamed('get')) {
      if (!/\bstorage\.(?:local|sync|session|managed)$/.test(receiverText(unit, call + 1)))
        continue;
      follower.value(edge, unit, call, edge.path, call);
      const callback = children(unit.tree, call, Role.Argument).at(-1);
      if (callback !== undefined) handTo(follower, edge, unit, callback, 0, edge.path, call);
    }
  }
}

/** A global variable that another script of the page reads. */
function globals(follower: Follower, edge: Edge, key: string): void {
  for (const unit of follower.program.containing(key)) {
    const { scopes, tree } = unit;
    for (const binding of scopes.globals) {
      if (tree.names[scopes.bindingName[binding]!] !== key) continue;
      const from = scopes.referencesFrom[binding]!;
      const to = scopes.referencesFrom[binding + 1]!;
      for (const reference of scopes.references.subarray(from, to)) {
        if ((tree.flags[reference]! & Flag.Reads) !== 0) {
          follower.value(edge, unit, reference, edge.path, reference);
        }
      }
    }
  }
}
