import type { Place, Position } from '@avow/locator';
import type { Named } from './intake.ts';

/** A line, or a range where its end lies behind it; numbers as they were written. */
export function lineAt(
  line: string | undefined,
  column?: string,
  end?: string,
  endColumn?: string,
): Place | undefined {
  const start = positionOf(line, column);
  if (start === undefined) return undefined;
  const last = positionOf(end, endColumn);
  const isRange = last !== undefined && last.line > start.line;
  return { kind: 'line', start, ...(isRange ? { end: last } : {}) };
}

function positionOf(line: string | undefined, column: string | undefined): Position | undefined {
  if (line === undefined || Number(line) < 1) return undefined;
  return { line: Number(line), ...(Number(column) >= 1 ? { column: Number(column) } : {}) };
}

/** A line of a file, where both are known; machine code has none. */
export function atLine(file: string | undefined, ...told: Parameters<typeof lineAt>): Named[] {
  const place = lineAt(...told);
  if (file === undefined || place === undefined || isBinary(file)) return [];
  return [{ module: file, place }];
}

/** The one file of the product that a name can mean: it ends like it, or it ends like the name. */
export function fileOf(name: string, paths: readonly string[]): string | undefined {
  if (!/\.[A-Za-z]\w{0,7}(?:\.\d+)*$/.test(name)) return undefined;
  const wanted = `/${name
    .replaceAll('\\', '/')
    .replace(/^\.{0,2}\//, '')
    .toLowerCase()}`;
  const files = paths.filter((path) => {
    const whole = `/${path.toLowerCase()}`;
    return whole.endsWith(wanted) || wanted.endsWith(whole);
  });
  // A reference in front, as code searches write it: `main:lib/send.js`.
  const bare = /:([^:/\\]{1,200}\/[^:\\]{1,400})$/.exec(name)?.[1];
  if (files.length === 0 && bare !== undefined && !bare.startsWith('//'))
    return fileOf(bare, paths);
  if (files.length > 0 || !BINARY.test(wanted)) return files.length === 1 ? files[0] : undefined;
  // Libraries are installed in other folders than they are shipped in.
  const last = wanted.slice(wanted.lastIndexOf('/'));
  const named = paths.filter((path) => `/${path.toLowerCase()}`.endsWith(last));
  return named.length === 1 ? named[0] : undefined;
}

/** Whether a name is one of machine code. */
export function isBinary(name: string): boolean {
  return BINARY.test(name.toLowerCase());
}

const BINARY = /\.(?:so(?:\.\d+)*|dll|exe|sys|dylib|ko|node)$/;

/** Files with that name, in any folder; debuggers leave the extension out. */
export function filesNamed(module: string, paths: readonly string[]): readonly string[] {
  const wanted = module.replaceAll('\\', '/').toLowerCase().replace(/^\.\//, '');
  const inPackage = wanted.replace(/^.*node_modules\/(?:@[^/]+\/)?[^/]+\/|^package\//, '');
  const tail = `/${inPackage}`;
  const exact = paths.filter((path) => `/${path.toLowerCase()}`.endsWith(tail));
  if (exact.length > 0) return exact;
  if (inPackage.includes('.')) return [fileOf(module, paths) ?? []].flat();
  return paths.filter(
    (path) =>
      /^[^.]+\.(?:exe|dll|sys)$/i.test(path.slice(path.lastIndexOf('/') + 1)) &&
      `/${path.toLowerCase().replace(/\.[^.]+$/, '')}`.endsWith(tail),
  );
}
