/**
 * The walls of the tree: which package may import which, and which of Node's
 * modules it may use. ARCHITECTURE.md carries the same table for people.
 */
export interface Wall {
  /** Packages of ours that its sources may import. */
  readonly imports: readonly string[];
  /** Built-in modules of Node that its sources may import; `any` for packages that touch the world. */
  readonly builtins: readonly string[] | 'any';
}

export const WALLS: Readonly<Record<string, Wall>> = {
  bytes: { imports: [], builtins: ['node:crypto', 'node:zlib'] },
  locator: { imports: [], builtins: [] },
  log: { imports: ['bytes'], builtins: [] },
  formats: { imports: ['bytes', 'locator'], builtins: [] },
  views: { imports: ['bytes', 'locator', 'formats'], builtins: [] },
  declare: { imports: ['locator'], builtins: [] },
  examine: { imports: ['bytes', 'locator', 'formats', 'declare'], builtins: [] },
  check: { imports: ['bytes', 'locator', 'declare', 'examine', 'log'], builtins: [] },
  docket: { imports: ['bytes', 'locator', 'declare', 'examine', 'log'], builtins: [] },
  stores: { imports: ['bytes', 'log', 'examine', 'docket'], builtins: 'any' },
  products: { imports: ['bytes', 'locator', 'formats'], builtins: 'any' },
  workers: { imports: ['bytes', 'locator', 'formats', 'declare', 'examine'], builtins: 'any' },
  server: {
    imports: [
      'bytes',
      'locator',
      'log',
      'formats',
      'declare',
      'examine',
      'check',
      'docket',
      'stores',
      'products',
      'workers',
      'views',
    ],
    builtins: 'any',
  },
  portal: { imports: ['locator', 'declare', 'docket', 'server'], builtins: 'any' },
  cli: {
    imports: [
      'bytes',
      'locator',
      'log',
      'formats',
      'declare',
      'examine',
      'check',
      'docket',
      'stores',
      'products',
      'workers',
      'views',
      'server',
      'portal',
    ],
    builtins: 'any',
  },
};

export interface Import {
  /** The importing file, from the repository's root. */
  readonly file: string;
  readonly specifier: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Import specifiers of a source text, static and dynamic. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!);
}

/** What is wrong with one import by the table; undefined when nothing is. */
export function faultOf(
  { file, specifier }: Import,
  entries: ReadonlySet<string>,
): string | undefined {
  const from = file.split('/')[1]!;
  const wall = WALLS[from];
  if (wall === undefined) return `${file}: package ${from} is not in the table of tools/layers.ts`;
  if (specifier.startsWith('node:')) {
    const isAllowed = wall.builtins === 'any' || wall.builtins.includes(specifier);
    return isAllowed ? undefined : `${file}: ${from} may not use ${specifier}`;
  }
  if (specifier.startsWith('.')) {
    const depth = file.split('/').length - 3;
    const ups = specifier.split('/').filter((part) => part === '..').length;
    return ups >= depth + 1 && wall.builtins !== 'any'
      ? `${file}: ${specifier} leaves the package`
      : undefined;
  }
  const own = /^@avow\/([^/]+)(\/.*)?$/.exec(specifier);
  if (own === null) return undefined;
  const to = own[1]!;
  if (to === from) return `${file}: ${from} imports itself by name`;
  if (!entries.has(specifier)) return `${file}: ${specifier} is not an entry of its package`;
  return wall.imports.includes(to) ? undefined : `${file}: ${from} may not import ${to}`;
}
