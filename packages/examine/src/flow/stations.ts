import { child, children, Kind, nameOf, Role, textOf } from '@avow/formats/script';
import { type AccessPath, firstKey, under, within } from './access.ts';
import { fixedText } from './constants.ts';
import type { Follower } from './follower.ts';
import { madeByName } from './made.ts';
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
  if (position === 0 && isAnswering(unit, callee)) {
    const channel = { kind: 'channel', name: 'runtime-answer' } as const;
    follower.go(edge, channel, path, follower.point(unit, call));
    return;
  }
  if (tree.kind[call] === Kind.New) {
    sendToWorker(follower, edge, unit, call, position, path);
    return;
  }
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
      if (position > 0 && key !== undefined) {
        const emitter = follower.origins.madeAt(follower.point(unit, callee + 1));
        to(`event:${emitter ?? ''}:${key}`, within(String(position - 1), path));
      }
      return;
    case 'send':
    case 'sendSync':
    case 'invoke':
    case 'sendToHost':
      if (position > 0 && key !== undefined) to(`ipc:${key}`, within(String(position - 1), path));
      else if (name === 'send' && isOtherProcess(unit, callee)) to('message', path);
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

/** The channel that a listener's return goes to: of `handle('name', …)`, of `onMessage.addListener(…)`. */
export function answerOf(unit: Unit, call: number): string | undefined {
  const name = nameOf(unit.tree, call + 1);
  if (name === 'handle' || name === 'handleOnce') {
    const key = fixedText(unit, children(unit.tree, call, Role.Argument)[0]);
    return key === undefined ? undefined : `ipc-answer:${key}`;
  }
  return isMessageListener(unit, call) ? 'runtime-answer' : undefined;
}

function isMessageListener(unit: Unit, call: number): boolean {
  const isListening =
    unit.tree.kind[call] === Kind.Call && nameOf(unit.tree, call + 1) === 'addListener';
  return isListening && /\bonMessage(?:External)?$/.test(receiverText(unit, call + 1));
}

/** Whether a name is the third parameter of a listener of runtime messages: it answers. */
function isAnswering(unit: Unit, callee: number): boolean {
  const { tree, scopes } = unit;
  const binding = tree.kind[callee] === Kind.Identifier ? scopes.bindingOf[callee]! : -1;
  const name = binding < 0 ? undefined : scopes.declarations[scopes.declarationsFrom[binding]!];
  if (name === undefined || tree.role[name] !== Role.Param) return false;
  const fn = tree.parent[name]!;
  const isThird = children(tree, fn, Role.Param).indexOf(name) === 2;
  return isThird && isMessageListener(unit, tree.parent[fn]!);
}

/** `process.send(…)` in a child, `child.send(…)` in its parent. */
function isOtherProcess(unit: Unit, callee: number): boolean {
  return nameOf(unit.tree, callee + 1) === 'process' || madeByName(unit, callee + 1, /^fork$/);
}

/** `new Worker(file, { workerData })`: read in the worker under that name. */
function sendToWorker(
  follower: Follower,
  edge: Edge,
  unit: Unit,
  made: number,
  position: number,
  path: AccessPath,
): void {
  const inner = firstKey(path) === 'workerData' ? under(path, 'workerData') : undefined;
  if (position !== 1 || inner === undefined || nameOf(unit.tree, made + 1) !== 'Worker') return;
  const channel = { kind: 'channel', name: 'worker-data' } as const;
  follower.go(edge, channel, inner, follower.point(unit, made));
}

/**
 * What a member is a station of when it is assigned: a storage's property, an
 * environment variable, a global of every script of a page or process.
 */
export function stationOf({ tree, scopes }: Unit, member: number): string | undefined {
  const object = member + 1;
  const index = child(tree, member, Role.Index);
  const name = index < 0 ? nameOf(tree, member) : nameOf(tree, index);
  if (name === undefined) return undefined;
  if (tree.kind[object] === Kind.Member) {
    const isStorage = /^(?:local|session)Storage$/.test(nameOf(tree, object) ?? '');
    if (isStorage) return `storage:${name}`;
    return textOf(tree, object) === 'process.env' ? `env:${name}` : undefined;
  }
  const base = tree.kind[object] === Kind.Identifier ? nameOf(tree, object) : undefined;
  const isGlobal = base !== undefined && isFree(scopes, object);
  if (!isGlobal) return undefined;
  if (/^(?:local|session)Storage$/.test(base)) return `storage:${name}`;
  return /^(?:globalThis|window|self|global)$/.test(base) && !/^on[a-z]+$/.test(name)
    ? `global:${name}`
    : undefined;
}

/** Whether a name is declared nowhere in its module. */
function isFree(scopes: Unit['scopes'], name: number): boolean {
  const binding = scopes.bindingOf[name]!;
  return binding < 0 || scopes.declarationsFrom[binding] === scopes.declarationsFrom[binding + 1];
}

/** The channel of `dispatchEvent(new CustomEvent('name', …))`. */
function eventOf(unit: Unit, event: number): string | undefined {
  const name = unit.tree.kind[event] === Kind.New ? child(unit.tree, event, Role.Argument) : -1;
  const key = name < 0 ? undefined : fixedText(unit, name);
  return key === undefined ? undefined : `event::${key}`;
}

export function receiverText({ tree }: Unit, callee: number): string {
  return tree.kind[callee] === Kind.Member ? textOf(tree, callee + 1) : '';
}
