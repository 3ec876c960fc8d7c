import { utf8Text } from '@avow/bytes';
import { npmTarget, vscodeTarget } from './purl.ts';

/** The target that a `package.json` names: an extension of VS Code, or a package of npm. */
export function manifestTarget(bytes: Uint8Array, platform?: string): string | undefined {
  const name = stringOf(bytes, 'name');
  const version = stringOf(bytes, 'version');
  if (name === undefined || version === undefined) return undefined;
  const publisher = stringOf(bytes, 'publisher');
  if (publisher !== undefined && stringOf(bytes, 'engines', 'vscode') !== undefined) {
    return vscodeTarget(publisher, name, version, platform);
  }
  return npmTarget(name, version);
}

/** The string under these keys of a JSON text; undefined where there is none, or an empty one. */
export function stringOf(json: Uint8Array, ...keys: readonly string[]): string | undefined {
  let value: unknown = parsed(json);
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse((utf8Text(json) ?? '').replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
