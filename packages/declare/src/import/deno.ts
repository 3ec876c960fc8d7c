import type { Declaration, Entry, Promised, Spot } from '../declaration/declaration.ts';
import type { Value } from '../declaration/document.ts';
import type { FeatureId } from '../vocabulary.ts';
import {
  type Exported,
  entryOf,
  type Imported,
  Names,
  type WordTable,
  wordsOf,
} from './imported.ts';
import { at, keysAt, readJson, textsAt } from './json.ts';

/**
 * Deno 2: `permissions` of `deno.json` or `deno.jsonc`, and `--allow-*` flags
 * in its tasks. docs/declarations/deno.md.
 */
export const DENO_PERMISSIONS: WordTable = {
  read: {
    data: [
      'file.user',
      'file.any',
      'file.enumerate',
      'cred.ssh-pgp',
      'cred.cloud',
      'cred.dev-token',
      'cred.app-profile',
      'wallet',
      'browser.cookies',
      'browser.logins',
      'browser.history',
      'browser.storage',
    ],
  },
  write: { does: ['file.write', 'persist', 'destroy-encrypt'] },
  net: {
    does: [
      'net.http',
      'net.websocket',
      'net.tcp',
      'net.udp-quic',
      'net.dns',
      'net.mail',
      'net.ftp-ssh',
      'net.p2p-rtc-tor',
      'net.named-service',
      'net.url-beacon',
      'net.listen',
      'ipc.local',
    ],
  },
  env: { data: ['env.named', 'env.bulk'] },
  sys: { data: ['host.profile', 'net.profile', 'device.id', 'process.inspect'] },
  run: { does: ['exec.spawn', 'proc.args-env-stdin'] },
  ffi: { does: ['code.load'] },
  import: { does: ['exec.fetched'] },
};

const SHORT: Readonly<Record<string, string>> = {
  R: 'read',
  W: 'write',
  N: 'net',
  E: 'env',
  S: 'sys',
  I: 'import',
};

export function importDeno(text: string, file = 'deno.json'): Imported {
  const config = readJson(text, file);
  const reader = new DenoReader();
  for (const set of keysAt(config, 'permissions')) {
    const permissions = at(config, 'permissions', set.text);
    for (const word of keysAt(permissions)) {
      reader.permission(word.text, at(permissions, word.text)!, word);
    }
  }
  for (const task of keysAt(config, 'tasks')) {
    const value = at(config, 'tasks', task.text);
    const [command] = value?.kind === 'map' ? textsAt(value, 'command') : textsAt(value);
    if (command !== undefined)
      reader.flags(command.text, { line: command.line, column: command.column });
  }
  const { entries, promises, unsaid } = reader;
  const speaksOf = { features: wordsOf(DENO_PERMISSIONS), flows: false };
  const rest = { maker: '', product: '', versions: [], databases: [] };
  return { form: 'deno', declaration: { ...rest, entries, promises, speaksOf }, unsaid };
}

class DenoReader {
  readonly entries: Entry[] = [];
  readonly promises: Promised[] = [];
  readonly unsaid: { word: string; line: number }[] = [];
  readonly #names = new Names();

  permission(word: string, value: Value, { line, column }: Spot): void {
    const spot = { line, column };
    if (word === 'all') {
      this.#all(spot);
      return;
    }
    if (DENO_PERMISSIONS[word] === undefined) {
      this.unsaid.push({ word, line });
      return;
    }
    const isWhole = value.kind === 'scalar' && value.value === true;
    const allow = value.kind === 'map' ? at(value, 'allow') : value;
    const isAllAllowed = isWhole || (allow?.kind === 'scalar' && allow.value === true);
    const listed = textsAt(allow).map(({ text }) => text);
    if (isAllAllowed || listed.length > 0) this.#allow(word, listed, spot);
    const deny = value.kind === 'map' ? at(value, 'deny') : undefined;
    if (deny === undefined) return;
    const denied = textsAt(deny).map(({ text }) => text);
    if (denied.length > 0 || (deny.kind === 'scalar' && deny.value === true)) {
      this.#deny(word, denied, spot);
    }
  }

  /** `deno run -R=./data --allow-net=example.org -A main.ts`. */
  flags(command: string, spot: Spot): void {
    if (!/^deno\s/.test(command)) return;
    for (const flag of command.split(/\s+/)) {
      const long = /^--(allow|deny)-([a-z]+)(?:=(.+))?$/.exec(flag);
      const short = /^-([RWNESI])(?:=(.+))?$/.exec(flag);
      const word = long?.[2] ?? SHORT[short?.[1] ?? ''];
      const listed = (long?.[3] ?? short?.[2])?.split(',').filter((text) => text !== '') ?? [];
      if (flag === '-A' || word === 'all') this.#all(spot);
      else if (word === undefined || DENO_PERMISSIONS[word] === undefined) continue;
      else if (long?.[1] === 'deny') this.#deny(word, listed, spot);
      else this.#allow(word, listed, spot);
    }
  }

  #all(spot: Spot): void {
    for (const word of Object.keys(DENO_PERMISSIONS)) this.#allow(word, [], spot);
  }

  #allow(word: string, listed: readonly string[], spot: Spot): void {
    const row = DENO_PERMISSIONS[word]!;
    const scope = scopeOf(word, listed);
    this.entries.push(entryOf(this.#names.of(word), spot, { ...row, ...scope }));
  }

  #deny(word: string, listed: readonly string[], spot: Spot): void {
    const { data = [], does = [] } = DENO_PERMISSIONS[word]!;
    const limits = { to: listed.flatMap((item) => patternsOf(word, item)), by: [], except: [] };
    this.promises.push({ name: this.#names.of(`deny ${word}`), spot, data, does, ...limits });
  }
}

function scopeOf(word: string, listed: readonly string[]): Partial<Entry> {
  if (listed.length === 0) return {};
  const patterns = listed.flatMap((item) => patternsOf(word, item));
  const isData = DENO_PERMISSIONS[word]!.data !== undefined;
  return isData ? { from: patterns } : { to: patterns };
}

/** A folder permits all that is below it; a program's name all its arguments. */
function patternsOf(word: string, item: string): readonly string[] {
  if (word === 'read' || word === 'write') {
    const path = item.replace(/^\.\//, '').replace(/\/$/, '');
    return path === '.' ? ['**'] : [path, `${path}/**`];
  }
  return word === 'run' ? [item, `${item} *`] : [item];
}

/** Writes one permission set, `default`. */
export function exportDeno({ entries, promises }: Declaration): Exported {
  const set: Record<string, { allow?: true | string[]; deny?: true | string[] }> = {};
  const lost: string[] = [];
  for (const entry of entries) {
    const words = permissionsFor([...entry.data, ...entry.does]);
    if (words === undefined) lost.push(entry.name);
    for (const word of words ?? []) {
      const patterns = DENO_PERMISSIONS[word]!.data === undefined ? entry.to : entry.from;
      const kind = (set[word] ??= {});
      kind.allow = merged(
        kind.allow,
        patterns.map((text) => itemOf(word, text)),
      );
    }
  }
  for (const promised of promises) {
    const words = permissionsFor([...promised.data, ...promised.does]);
    if (words === undefined) lost.push(promised.name);
    for (const word of words ?? []) {
      const kind = (set[word] ??= {});
      kind.deny = merged(
        kind.deny,
        promised.to.map((text) => itemOf(word, text)),
      );
    }
  }
  return { text: `${JSON.stringify({ permissions: { default: set } }, undefined, 2)}\n`, lost };
}

function permissionsFor(ids: readonly FeatureId[]): readonly string[] | undefined {
  const words = ids.map((id) =>
    Object.keys(DENO_PERMISSIONS).find((word) => {
      const { data = [], does = [] } = DENO_PERMISSIONS[word]!;
      return data.includes(id) || does.includes(id);
    }),
  );
  return words.every((word) => word !== undefined) ? [...new Set(words)] : undefined;
}

/** No list at all permits everything. */
function merged(before: true | string[] | undefined, items: readonly string[]): true | string[] {
  if (before === true || items.length === 0 || items.includes('*')) return true;
  return [...new Set([...(before ?? []), ...items])];
}

function itemOf(word: string, pattern: string): string {
  if (word === 'read' || word === 'write')
    return pattern === '**' ? '.' : pattern.replace(/\/\*\*$/, '');
  return word === 'run' ? pattern.replace(/ \*$/, '') : pattern;
}
