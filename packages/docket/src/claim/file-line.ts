import type { Place } from '@avow/locator';
import type { Named } from './intake.ts';

/** A line of a file, where both are known. */
export function atLine(
  file: string | undefined,
  line: string | undefined,
  column?: string,
  end?: string,
): Named[] {
  if (file === undefined || line === undefined || Number(line) < 1) return [];
  const start = { line: Number(line), ...(Number(column) >= 1 ? { column: Number(column) } : {}) };
  const isRange = end !== undefined && Number(end) > start.line;
  const place: Place = { kind: 'line', start, ...(isRange ? { end: { line: Number(end) } } : {}) };
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

const BINARY = /\.(?:so(?:\.\d+)*|dll|exe|sys|dylib|ko|node)$/;
