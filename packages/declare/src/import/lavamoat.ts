import type { Declaration, Entry } from '../declaration/declaration.ts';
import type { FeatureId } from '../vocabulary.ts';
import {
  type Exported,
  entryOf,
  type Imported,
  type WordRow,
  type WordTable,
  wordsOf,
} from './imported.ts';
import { at, keysAt, readJson } from './json.ts';

/**
 * LavaMoat's `policy.json`: globals, built-in modules and native code for each
 * package. docs/declarations/lavamoat.md.
 */
export const LAVAMOAT_BUILTINS: WordTable = {
  child_process: { does: ['exec.spawn', 'proc.args-env-stdin'] },
  dgram: { does: ['net.udp-quic', 'net.listen'] },
  dns: { does: ['net.dns'] },
  fs: { data: ['file.any', 'file.user', 'file.enumerate'], does: ['file.write'] },
  http: { does: ['net.http', 'net.listen'] },
  http2: { does: ['net.http', 'net.listen'] },
  https: { does: ['net.http', 'net.listen'] },
  inspector: { data: ['process.inspect'], does: ['code.inject'] },
  module: { does: ['code.load'] },
  net: { does: ['net.tcp', 'net.listen', 'ipc.local'] },
  os: { data: ['host.profile', 'net.profile'] },
  tls: { does: ['net.tcp', 'net.listen'] },
  vm: { does: ['code.eval'] },
  wasi: { does: ['code.load'] },
  worker_threads: { does: ['code.load'] },
  zlib: { does: ['transform'] },
};

export const LAVAMOAT_GLOBALS: WordTable = {
  EventSource: { does: ['net.http'] },
  Function: { does: ['code.eval'] },
  RTCPeerConnection: { does: ['net.p2p-rtc-tor'] },
  SharedWorker: { does: ['code.load'] },
  WebAssembly: { does: ['code.load'] },
  WebSocket: { does: ['net.websocket'] },
  Worker: { does: ['code.load'] },
  XMLHttpRequest: { does: ['net.http'] },
  'document.cookie': { data: ['browser.cookies'] },
  document: { data: ['content.view', 'browser.cookies'], does: ['net.url-beacon'] },
  eval: { does: ['code.eval'] },
  fetch: { does: ['net.http'] },
  indexedDB: { data: ['browser.storage'] },
  localStorage: { data: ['browser.storage'] },
  'location.href': { data: ['browser.history'], does: ['net.url-beacon'] },
  'navigator.clipboard': { data: ['clipboard.read'], does: ['clipboard.write'] },
  'navigator.geolocation': { data: ['location'] },
  'navigator.sendBeacon': { does: ['net.url-beacon'] },
  'navigator.userAgent': { data: ['host.profile'] },
  postMessage: { does: ['ipc.app'] },
  'process.env': { data: ['env.named', 'env.bulk'] },
  sessionStorage: { data: ['browser.storage'] },
};

const NATIVE: WordRow = { does: ['code.load'] };

export function importLavamoat(text: string, file = 'policy.json'): Imported {
  const policy = readJson(text, file);
  const entries: Entry[] = [];
  const unsaid: { word: string; line: number }[] = [];
  for (const resource of keysAt(policy, 'resources')) {
    const of = at(policy, 'resources', resource.text);
    const rows: WordRow[] = [];
    for (const [key, table] of TABLES) {
      for (const word of keysAt(of, key)) {
        const row = rowOf(table, word.text);
        if (row === undefined) unsaid.push({ word: `${key}.${word.text}`, line: word.line });
        else rows.push(row);
      }
    }
    if (keysAt(of).some(({ text: key }) => key === 'native')) rows.push(NATIVE);
    const data = unique(rows.flatMap((row) => row.data ?? []));
    const does = unique(rows.flatMap((row) => row.does ?? []));
    const by = modulesOf(resource.text);
    const spot = { line: resource.line, column: resource.column };
    if (rows.length > 0) entries.push(entryOf(resource.text, spot, { data, does, by }));
  }
  const features = new Set([...wordsOf(LAVAMOAT_BUILTINS, LAVAMOAT_GLOBALS), 'code.load' as const]);
  const rest = { maker: '', product: '', versions: [], promises: [], databases: [] };
  const speaksOf = { features, flows: false };
  return { form: 'lavamoat', declaration: { ...rest, entries, speaksOf }, unsaid };
}

const TABLES = [
  ['builtin', LAVAMOAT_BUILTINS],
  ['globals', LAVAMOAT_GLOBALS],
] as const;

/** `node:fs.readFile` → `fs`; `process.env.CI` → `process.env`; the longest name that is known. */
function rowOf(table: WordTable, name: string): WordRow | undefined {
  const parts = name
    .replace(/^node:/, '')
    .replaceAll('/', '.')
    .split('.');
  for (let count = parts.length; count > 0; count -= 1) {
    const word = parts.slice(0, count).join('.');
    if (Object.hasOwn(table, word)) return table[word];
  }
  return undefined;
}

/** `a>b>@c/d` is package `@c/d` wherever it is installed below. */
function modulesOf(resource: string): readonly string[] {
  const name = resource
    .split('>')
    .at(-1)!
    .replace(/^external:/, '');
  return [`node_modules/${name}/**`, `**/node_modules/${name}/**`];
}

/** Writes entries that are bound to packages; globals and built-ins are whole (`fs`, not `fs.readFile`). */
export function exportLavamoat({ entries, promises }: Declaration): Exported {
  const resources: Record<string, { builtin?: object; globals?: object; native?: true }> = {};
  const lost = promises.map(({ name }) => name);
  for (const entry of entries) {
    const packages = entry.by.flatMap((path) => /^node_modules\/(.+)\/\*\*$/.exec(path)?.[1] ?? []);
    const words = packages.length === 0 ? undefined : wordsWithin(entry);
    if (words === undefined) lost.push(entry.name);
    else for (const name of packages) resources[name] = { ...resources[name], ...words };
  }
  return { text: `${JSON.stringify({ resources }, undefined, 2)}\n`, lost };
}

/** The smallest set of words found greedily whose features are the entry's and no others. */
function wordsWithin(entry: Entry): object | undefined {
  const wanted = new Set<FeatureId>([...entry.data, ...entry.does]);
  const left = new Set(wanted);
  const chosen: Record<'builtin' | 'globals', Record<string, true>> = { builtin: {}, globals: {} };
  for (const [key, table] of TABLES) {
    const rows = Object.entries(table).map(([word, row]) => ({ word, ids: idsOf(row) }));
    rows.sort((a, b) => b.ids.length - a.ids.length);
    for (const { word, ids } of rows) {
      if (!ids.every((id) => wanted.has(id)) || !ids.some((id) => left.has(id))) continue;
      chosen[key][word] = true;
      for (const id of ids) left.delete(id);
    }
  }
  return left.size === 0 ? chosen : undefined;
}

function idsOf({ data = [], does = [] }: WordRow): readonly FeatureId[] {
  return [...data, ...does];
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
