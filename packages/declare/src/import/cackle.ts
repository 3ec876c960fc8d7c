import { parse, stringify, TomlError } from 'smol-toml';
import type { Declaration, Entry } from '../declaration/declaration.ts';
import { MAX_TEXT } from '../declaration/document.ts';
import { DeclarationRefused } from '../declaration/refused.ts';
import { type Exported, entryOf, type Imported, type WordTable, wordsOf } from './imported.ts';

/** `cackle.toml` of cargo-acl: APIs that each crate may use. docs/declarations/cackle.md. */
export const CACKLE_APIS: WordTable = {
  env: { data: ['env.named', 'env.bulk'] },
  fs: { data: ['file.any', 'file.user', 'file.enumerate'], does: ['file.write'] },
  net: { does: ['net.http', 'net.tcp', 'net.udp-quic', 'net.dns', 'net.listen'] },
  process: { does: ['exec.spawn', 'proc.args-env-stdin'] },
  unix_sockets: { does: ['ipc.local'] },
};

/** Refuses `import.too-large`, `import.syntax`. */
export function importCackle(text: string, file = 'cackle.toml'): Imported {
  const root = readToml(text, file);
  const lines = text.split('\n');
  const entries: Entry[] = [];
  const unsaid: { word: string; line: number }[] = [];
  for (const [crate, settings] of Object.entries(tableOf(root['pkg']))) {
    const line = lineOf(lines, crate);
    const parts = [
      { name: crate, apis: tableOf(settings)['allow_apis'], when: {} },
      {
        name: `${crate} build`,
        apis: tableOf(tableOf(settings)['build'])['allow_apis'],
        when: { when: ['install'] as const },
      },
    ];
    for (const { name, apis, when } of parts) {
      for (const api of textsOf(apis)) {
        const row = Object.hasOwn(CACKLE_APIS, api) ? CACKLE_APIS[api] : undefined;
        if (row === undefined) unsaid.push({ word: `${name}: ${api}`, line });
        else
          entries.push(
            entryOf(
              `${name}: ${api}`,
              { line, column: 1 },
              { ...row, ...when, by: crateModules(crate) },
            ),
          );
      }
    }
    if (tableOf(settings)['allow_unsafe'] === true)
      unsaid.push({ word: `${crate}: allow_unsafe`, line });
  }
  const rest = { maker: '', product: '', versions: [], promises: [], databases: [] };
  const speaksOf = { features: wordsOf(CACKLE_APIS), flows: false };
  return { form: 'cackle', declaration: { ...rest, entries, speaksOf }, unsaid };
}

type Table = Readonly<Record<string, unknown>>;

function readToml(text: string, file: string): Table {
  const refuse = (code: string, line: number, column: number, found: string): never => {
    throw new DeclarationRefused([{ code, line, column, found, expected: 'TOML 1.0' }], file);
  };
  if (text.length > MAX_TEXT) refuse('import.too-large', 1, 1, `${text.length} characters`);
  try {
    return parse(text, { maxDepth: 32 });
  } catch (error) {
    if (error instanceof TomlError) {
      const found = error.message.split('\n')[0]!;
      return refuse('import.syntax', error.line, error.column, found);
    }
    throw error;
  }
}

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Table)
    : {};
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The library gives no places of keys; the header names the crate. */
function lineOf(lines: readonly string[], crate: string): number {
  const at = lines.findIndex((line) => line.trimStart().startsWith('[') && line.includes(crate));
  return at === -1 ? 1 : at + 1;
}

/** A crate's sources as Cargo vendors them. */
function crateModules(crate: string): readonly string[] {
  return [`vendor/${crate}/**`, `**/${crate}/src/**`];
}

/** Writes `allow_apis` for entries that are bound to crates. */
export function exportCackle({ entries, promises }: Declaration): Exported {
  const pkg: Record<string, { allow_apis?: string[]; build?: { allow_apis: string[] } }> = {};
  const lost = promises.map(({ name }) => name);
  for (const entry of entries) {
    const crate = entry.by
      .map((path) => /^vendor\/([^/]+)\/\*\*$/.exec(path)?.[1])
      .find((name) => name !== undefined);
    const ids = [...entry.data, ...entry.does];
    const api = Object.keys(CACKLE_APIS).find((name) => {
      const { data = [], does = [] } = CACKLE_APIS[name]!;
      return (
        ids.length === data.length + does.length &&
        ids.every((id) => data.includes(id) || does.includes(id))
      );
    });
    if (crate === undefined || api === undefined) lost.push(entry.name);
    else {
      const table = (pkg[crate] ??= {});
      if (entry.when.join() === 'install')
        (table.build ??= { allow_apis: [] }).allow_apis.push(api);
      else (table.allow_apis ??= []).push(api);
    }
  }
  return { text: `${stringify({ pkg })}\n`, lost };
}
