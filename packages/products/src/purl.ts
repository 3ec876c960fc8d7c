import { printPurl } from '@avow/locator';

/** A product that names itself nowhere: its file name, and its digest for a version. */
export function genericTarget(name: string, version: string): string {
  return purl('generic', [], name, version);
}

/** A package of npm; the scope is the purl's namespace. */
export function npmTarget(name: string, version: string): string {
  return purl('npm', [], name, version);
}

/** An extension of VS Code: publisher and name in lower case, since neither knows of case. */
export function vscodeTarget(
  publisher: string,
  name: string,
  version: string,
  platform: string | undefined,
): string {
  return purl(
    'vscode-extension',
    [publisher.toLowerCase()],
    name.toLowerCase(),
    version,
    platform === undefined || platform === 'universal' ? {} : { platform },
  );
}

export function chromeTarget(id: string, version: string): string {
  return purl('chrome-extension', [], id, version);
}

export function debTarget(vendor: string, name: string, version: string, arch: string): string {
  return purl('deb', [vendor], name, version, { arch });
}

/**
 * Names and versions come out of hostile manifests. A slash in a name makes
 * segments, as npm's scopes are written; what no purl can hold is replaced.
 */
function purl(
  type: string,
  namespace: readonly string[],
  name: string,
  version: string,
  qualifiers: Readonly<Record<string, string>> = {},
): string {
  const parts = [...namespace, ...name.split('/')].map(writable).filter((part) => part !== '');
  return printPurl({
    type,
    namespace: parts.slice(0, -1),
    name: parts.at(-1) ?? 'nameless',
    version: writable(version),
    qualifiers,
  });
}

/** Letters of one part; npm allows 214 for a name. A locator has 65,536 for all. */
const MAX_PART = 1024;

/** Without NUL and halves of characters, and no longer than the limit. */
function writable(text: string): string {
  return text
    .slice(0, MAX_PART)
    .replaceAll('\0', '\u2400')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
