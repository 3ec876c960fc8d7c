import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from '@avow/bytes';
import type { ModuleFile, Modules } from './modules.ts';
import { prepareModules } from './prepare.ts';

const MODULES = [
  { kind: 'elf', digest: 'sha256:a', size: 126_000_000 },
  { kind: 'script', digest: 'sha256:b', size: 9_000_000 },
  { kind: 'pe', digest: 'sha256:c', size: 300_000 },
  { kind: 'macho', digest: 'sha256:d', size: 5_000_000 },
  { kind: 'wasm', digest: 'sha256:e', size: 6_000_000 },
];

/** The modules of a release, two a page. */
const lists = {
  modules: async (_: number, { after }: { readonly after?: string }) => {
    const from = Number(after ?? 0);
    const rows = MODULES.slice(from, from + 2);
    return from + 2 < MODULES.length ? { rows, next: String(from + 2) } : { rows };
  },
};

test('large modules of machine code and WebAssembly are prepared, and one that is refused stops nothing', async () => {
  const made: string[] = [];
  const modules = {
    make: async ({ digest }: ModuleFile) => {
      made.push(digest);
      if (digest === 'sha256:d') throw new Refused('macho.truncated', 0, 'it ends early');
    },
  };
  await prepareModules(1, { lists, modules } as never as {
    readonly lists: never;
    readonly modules: Modules;
  });
  assert.deepEqual(made, ['sha256:a', 'sha256:d', 'sha256:e']);
});
