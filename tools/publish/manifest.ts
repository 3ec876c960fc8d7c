/** The Node that published code needs; `bin/avow.js` says so to an older one. */
const ENGINES = { node: '>=24' };

/** Told once, in the manifest of the repository, and copied to every package. */
const SHARED = ['author', 'repository', 'bugs', 'homepage'] as const;

const BUILT = /^\.\/src\/(.*)\.ts$/;

/** A manifest of ours, as far as publishing looks at it. */
export interface SourceManifest {
  readonly name: string;
  readonly description: string;
  /** Entries by name, each a source below `./src`. */
  readonly exports: Readonly<Record<string, string>>;
  /** What is published: of the package, or where it has no such file, of the repository. `!` leaves out. */
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * The manifest of a package as it is published: entries are compiled files with
 * their types, and what only a checkout has is gone: scripts, development
 * dependencies, and entries for tests, whose files are left out. `isPublished`
 * tells that of a path.
 */
export function publishedManifest(
  source: SourceManifest,
  repository: Readonly<Record<string, unknown>>,
  isPublished: (path: string) => boolean,
): Readonly<Record<string, unknown>> {
  const { scripts: _, devDependencies: __, exports, files, ...kept } = source;
  const entries = Object.entries(exports)
    .map(([name, path]) => [name, path.replace(BUILT, './dist/$1')] as const)
    .filter(([, built]) => isPublished(`${built}.js`))
    .map(([name, built]) => [name, { types: `${built}.d.ts`, default: `${built}.js` }] as const);
  const shared = SHARED.filter((name) => name in repository).map(
    (name) => [name, repository[name]] as const,
  );
  return {
    ...kept,
    ...Object.fromEntries(shared),
    exports: Object.fromEntries(entries),
    files: files.filter((name) => !name.startsWith('!')),
    engines: ENGINES,
    publishConfig: { access: 'public' },
  };
}
