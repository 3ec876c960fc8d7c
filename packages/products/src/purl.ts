import { printPurl } from '@avow/locator';

/** A product that names itself nowhere: its file name, and its digest for a version. */
export function genericTarget(name: string, version: string): string {
  return purl('generic', [], name, version);
}

/** A package of npm; the scope is the purl's namespace. */
export function npmTarget(name: string, version: string): string {
  const parts = name.split('/');
  return purl('npm', parts.slice(0, -1), parts.at(-1) ?? name, version);
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

function purl(
  type: string,
  namespace: readonly string[],
  name: string,
  version: string,
  qualifiers: Readonly<Record<string, string>> = {},
): string {
  return printPurl({ type, namespace, name, version, qualifiers });
}
