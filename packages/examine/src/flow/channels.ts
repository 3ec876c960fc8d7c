import { child, children, Flag, Kind, nameOf, Role } from '@avow/formats/script';
import { under, WHOLE, within } from './access.ts';
import { fixedText } from './constants.ts';
import type { Follower } from './follower.ts';
import { handTo } from './parameters.ts';
import type { Unit } from './program.ts';
import { receiverText, stationOf } from './stations.ts';
import type { Edge } from './tabulation.ts';

/** Data on a channel arrives at every listener and reader of it in the product. */
export function receive(follower: Follower, edge: Edge, channel: string): void {
  const colon = channel.indexOf(':');
  const kind = colon < 0 ? channel : channel.slice(0, colon);
  const key = colon < 0 ? '' : channel.slice(colon + 1);
  switch (kind) {
    case 'event': {
      const [emitter = '', ...rest] = key.split(':');
      const names = ['on', 'once', 'addListener', 'addEventListener'];
      listeners(follower, edge, rest.join(':'), names, 0, emitter);
      return;
    }
    case 'ipc-answer':
      readers(follower, edge, key, ['invoke', 'sendSync']);
      return;
    case 'runtime-answer':
      runtimeAnswers(follower, edge);
      return;
    case 'worker-data':
      workerData(follower, edge);
      return;
    case 'env':
      stationReads(follower, edge, channel, key);
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
      stationReads(follower, edge, channel, key);
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
      stationReads(follower, edge, channel, key);
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
  emitter = '',
): void {
  for (const unit of unitsWith(follower, key, names[0]!)) {
    for (const call of names.flatMap((name) => unit.index.callsNamed(name))) {
      const [first, callback] = children(unit.tree, call, Role.Argument);
      if (callback === undefined || fixedText(unit, first) !== key) continue;
      if (emitter !== '' && isOtherThan(follower, unit, call, emitter)) continue;
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

/** Whether a listener is surely registered at another object than the one that emits. */
function isOtherThan(follower: Follower, unit: Unit, call: number, emitter: string): boolean {
  if (unit.tree.kind[call + 1] !== Kind.Member) return false;
  const made = follower.origins.madeAt(follower.point(unit, call + 2));
  return made !== undefined && String(made) !== emitter;
}

/** `onmessage`, `addEventListener('message')`, `on('message')`: the event's `data`, or the message itself. */
function messages(follower: Follower, edge: Edge): void {
  runtimeMessages(follower, edge);
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
    for (const node of unit.index.handlers) {
      if (nameOf(tree, node + 1) !== 'onmessage') continue;
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

/** What the listener of runtime messages answers: the sender's callback or promise. */
function runtimeAnswers(follower: Follower, edge: Edge): void {
  for (const unit of follower.program.containing('sendMessage')) {
    for (const call of unit.index.callsNamed('sendMessage')) {
      follower.value(edge, unit, call, edge.path, call);
      const callback = children(unit.tree, call, Role.Argument).at(-1);
      if (callback !== undefined) handTo(follower, edge, unit, callback, 0, edge.path, call);
    }
  }
}

/** Every use of `workerData` of `worker_threads`. */
function workerData(follower: Follower, edge: Edge): void {
  for (const unit of follower.program.containing('workerData')) {
    const { tree, scopes } = unit;
    for (let node = 0; node < tree.count; node += 1) {
      const kind = tree.kind[node];
      const isRead = (tree.flags[node]! & Flag.Reads) !== 0;
      if (nameOf(tree, node) !== 'workerData') continue;
      const isName = kind === Kind.Identifier && isRead && scopes.bindingOf[node]! >= 0;
      if (isName || kind === Kind.Member) follower.value(edge, unit, node, edge.path, node);
    }
  }
}

/** Members that read what another place has put into a storage, the environment, the globals. */
function stationReads(follower: Follower, edge: Edge, channel: string, key: string): void {
  for (const unit of follower.program.containing(key)) {
    for (const member of unit.index.membersNamed(key)) {
      const isRead = (unit.tree.flags[member]! & Flag.Writes) === 0;
      if (!isRead || stationOf(unit, member) !== channel) continue;
      follower.value(edge, unit, member, edge.path, member);
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
