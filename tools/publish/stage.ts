import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { javaScriptOf, typesOf } from './compile.ts';
import { publishedManifest, type SourceManifest } from './manifest.ts';
import { readmeOf } from './readme.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Tests, what they alone read, and what tells the compiler of a checkout. */
const NOT_PUBLISHED = /\.test\.ts$|(?:^|\/)(?:testdata|corpus)\/|(?:^|\/)tsconfig\.json$/;

/** One file of a published package: its path there, and its text. */
type File = readonly [path: string, text: string];

/**
 * Writes the package in `source` into `folder` as it is published. Node strips
 * no types below `node_modules`, so sources become JavaScript; types stand
 * beside them where `types` is the folder into which `tsc -b` wrote those of the
 * package. The rest is what `files` of the manifest names.
 */
export function stage(source: string, folder: string, types?: string): void {
  const manifest = JSON.parse(textAt(source, 'package.json')) as SourceManifest;
  const isPublished = published(manifest);
  for (const [path, text] of [...filesOf(source, manifest, types)]) {
    if (!isPublished(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Which paths a manifest lets be published. */
function published({ files }: SourceManifest): (path: string) => boolean {
  const leftOut = files.filter((name) => name.startsWith('!')).map((name) => `${name.slice(1)}/`);
  return (path) => !leftOut.some((folder) => join(path).startsWith(folder));
}

function* filesOf(source: string, manifest: SourceManifest, types?: string): Iterable<File> {
  for (const path of below(join(source, 'src'))) {
    if (path.endsWith('.json')) yield [`dist/${path}`, textAt(source, 'src', path)];
    if (!path.endsWith('.ts')) continue;
    const isTypes = path.endsWith('.d.ts');
    if (!isTypes) yield builtFile(`dist/${path}`, textAt(source, 'src', path));
    if (types === undefined) continue;
    const declared = path.replace(/(?:\.d)?\.ts$/, '.d.ts');
    yield [`dist/${declared}`, typesOf(textAt(isTypes ? join(source, 'src') : types, declared))];
  }
  const { files, bin = {} } = manifest;
  const named = files.filter((name) => name !== 'dist' && !name.startsWith('!'));
  for (const name of [...named, ...Object.values(bin)]) {
    // What is told once for all packages stands in the repository.
    const home = existsSync(join(source, name)) ? source : ROOT;
    for (const path of below(join(home, name)))
      yield builtFile(join(name, path), textAt(home, name, path));
  }
  yield ['LICENSE', textAt(ROOT, 'LICENSE')];
  const hasReadme = existsSync(join(source, 'README.md'));
  yield ['README.md', hasReadme ? textAt(source, 'README.md') : readmeOf(manifest)];
  const repository = JSON.parse(textAt(ROOT, 'package.json'));
  const told = publishedManifest(manifest, repository, published(manifest));
  yield ['package.json', `${JSON.stringify(told, undefined, 2)}\n`];
}

function builtFile(path: string, text: string): File {
  return path.endsWith('.ts') ? [path.replace(/\.ts$/, '.js'), javaScriptOf(text)] : [path, text];
}

/** Paths of the files below a folder that are not for tests, in order; the empty path below a file. */
function below(path: string): readonly string[] {
  if (statSync(path).isFile()) return [''];
  return globSync('**/*', { cwd: path })
    .filter((name) => statSync(join(path, name)).isFile() && !NOT_PUBLISHED.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

function textAt(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}
