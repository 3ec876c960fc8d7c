import { utf8Text } from '@avow/bytes';
import { printPurl } from '@avow/locator';

/** What a package says of itself. */
export interface NpmManifest {
  readonly name: string;
  readonly version: string;
}

/** Name and version of a `package.json`; undefined where it lacks either or is no JSON. */
export function npmManifest(bytes: Uint8Array): NpmManifest | undefined {
  const manifest = jsonObject(bytes);
  const { name, version } = manifest ?? {};
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  if (name === '' || version === '') return undefined;
  return { name, version };
}

export function npmTarget({ name, version }: NpmManifest): string {
  const parts = name.split('/');
  return purl('npm', parts.slice(0, -1), parts.at(-1) ?? name, version);
}

/** A product that names itself nowhere: its file name, and its digest for a version. */
export function genericTarget(name: string, digest: string): string {
  return purl('generic', [], name, digest);
}

export function purl(
  type: string,
  namespace: readonly string[],
  name: string,
  version: string,
  qualifiers: Readonly<Record<string, string>> = {},
): string {
  return printPurl({ type, namespace, name, version, qualifiers });
}

/** The object in a JSON text of UTF-8; undefined for anything else. */
export function jsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = utf8Text(bytes);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
