import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { faultOf, importsOf, WALLS } from './layers.ts';

const packages = readdirSync('packages');

/** Every name under which a package of ours may be imported: its `exports`. */
function entryNames(): Set<string> {
  const names = new Set<string>();
  for (const name of packages) {
    const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
    for (const key of Object.keys(manifest.exports)) names.add(`@avow/${name}${key.slice(1)}`);
  }
  return names;
}

function sources(name: string): string[] {
  return globSync(`packages/${name}/src/**/*.ts`).filter(
    (file) => !file.endsWith('.test.ts') && !file.includes('/testdata/'),
  );
}

test('no source imports against the table of walls', () => {
  const entries = entryNames();
  const faults = packages.flatMap(sources).flatMap((file) =>
    importsOf(readFileSync(file, 'utf8')).flatMap((specifier) => {
      const fault = faultOf({ file, specifier }, entries);
      return fault === undefined ? [] : [fault];
    }),
  );
  assert.deepEqual(faults, []);
});

test('a manifest asks for the packages that its sources import, and for no other of ours', () => {
  for (const name of packages) {
    const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
    const asked = Object.keys(manifest.dependencies ?? {}).sort();
    // A type alone is erased, so its package is a development dependency.
    const used = new Set(
      sources(name)
        .flatMap((file) => {
          const text = readFileSync(file, 'utf8');
          const own = importsOf(text).filter((specifier) => specifier.startsWith('@avow/'));
          return [...own, ...valueImports(text)];
        })
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')),
    );
    const missing = [...used].filter((one) => !asked.includes(one));
    assert.deepEqual(missing, [], `packages/${name} imports what its manifest does not ask for`);
    const idle = asked.filter((one) => one.startsWith('@avow/') && !used.has(one));
    assert.deepEqual(idle, [], `packages/${name} asks for what no source of it imports`);
  }
});

test('no files import each other in a circle', () => {
  const faults: string[] = [];
  for (const name of packages) {
    const graph = new Map<string, string[]>();
    for (const file of sources(name)) {
      graph.set(
        file,
        valueImports(readFileSync(file, 'utf8'))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => new URL(specifier, `file:///${file}`).pathname.slice(1)),
      );
    }
    const circle = circleIn(graph);
    if (circle !== undefined) faults.push(circle.join(' → '));
  }
  assert.deepEqual(faults, []);
});

/** Types are erased, so a circle of type imports alone is none. */
function valueImports(source: string): string[] {
  return importsOf(source.replaceAll(/(?:^|\n)\s*(?:import|export) type [^;]*;/g, ''));
}

function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

test('the table itself has no circle and ARCHITECTURE.md tells the same', () => {
  const graph = new Map(Object.entries(WALLS).map(([name, wall]) => [name, wall.imports]));
  assert.equal(circleIn(graph), undefined);
  const told = readFileSync('ARCHITECTURE.md', 'utf8');
  for (const name of packages) {
    const row = new RegExp(`^\\| ${name} +\\| ([^|]*) \\|`, 'm').exec(told);
    assert.ok(row, `ARCHITECTURE.md has no row for ${name}`);
    const imports = row[1]!.trim() === '–' ? [] : row[1]!.split(',').map((part) => part.trim());
    assert.deepEqual(imports.sort(), [...WALLS[name]!.imports].sort(), `row of ${name}`);
  }
});

for (const [what, file, specifier, wanted] of [
  ['reading a file in a pure package', 'packages/log/src/a.ts', 'node:fs', true],
  ['examine above formats', 'packages/formats/src/a.ts', '@avow/examine', true],
  ['a deep import', 'packages/cli/src/a.ts', '@avow/bytes/src/cursor.ts', true],
  ['formats over bytes', 'packages/formats/src/a.ts', '@avow/bytes', false],
] as const) {
  test(`the walls ${wanted ? 'refuse' : 'let through'} ${what}`, () => {
    assert.equal(
      faultOf({ file, specifier }, new Set(['@avow/bytes', '@avow/examine'])) !== undefined,
      wanted,
    );
  });
}
