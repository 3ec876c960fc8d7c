import { utf8Text } from '@avow/bytes';
import {
  type ContainerKind,
  type ContainerLimits,
  isUnread,
  readContainer,
  readCrxFacts,
} from '@avow/formats/container';
import { manifestTarget, stringOf } from './manifest.ts';
import { chromeTarget, debTarget, genericTarget } from './purl.ts';

/** What an archive says it is. */
export interface Identity {
  readonly target: string;
  /** Its members lie in one folder, which npm takes off. */
  readonly isNpmPackage: boolean;
}

/** An archive whose members can be looked up by name. */
export interface Archive {
  readonly kind: ContainerKind;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly limits: ContainerLimits;
}

/** In the order in which one member names the product before another. */
const TELLING: Readonly<Record<ContainerKind, readonly RegExp[]>> = {
  tar: [/^[^/]+\/package\.json$/],
  gzip: [/^[^/]+\/package\.json$/],
  xz: [/^[^/]+\/package\.json$/],
  zstd: [/^[^/]+\/package\.json$/],
  zip: [/^extension\.vsixmanifest$/, /^extension\/package\.json$/, /^manifest\.json$/],
  crx: [/^manifest\.json$/],
  asar: [/^package\.json$/],
  ar: [],
  deb: [/^DEBIAN\/control$/],
};

/**
 * What the archive says of itself, by the member that says it for its kind:
 * a package.json, a manifest.json, Debian's control file. Undefined where it
 * says nothing that names product and version.
 */
export async function identify(archive: Archive): Promise<Identity | undefined> {
  const [first, second, third] = await readTelling(archive);
  const target = targetOf(archive, first, second, third);
  return target === undefined ? undefined : { target, isNpmPackage: isTarKind(archive.kind) };
}

function targetOf(
  { kind, bytes }: Archive,
  first: Uint8Array | undefined,
  second: Uint8Array | undefined,
  third: Uint8Array | undefined,
): string | undefined {
  switch (kind) {
    case 'tar':
    case 'gzip':
    case 'xz':
    case 'zstd':
      return first && manifestTarget(first);
    case 'zip':
      if (second !== undefined) return manifestTarget(second, first && vsixPlatform(first));
      return third && firefoxTarget(third);
    case 'crx':
      return first && crxTarget(bytes, first);
    case 'asar':
      return first && appTarget(first);
    case 'deb':
      return first && controlTarget(first);
    case 'ar':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/**
 * The telling members, each where `TELLING` has it. The archive is read only
 * as far as the last one, and a tar no further than its first folder: npm
 * packs into one.
 */
async function readTelling(archive: Archive): Promise<readonly (Uint8Array | undefined)[]> {
  const { kind, bytes, name, limits } = archive;
  const wanted = TELLING[kind];
  const found: (Uint8Array | undefined)[] = wanted.map(() => undefined);
  let missing = wanted.length;
  if (missing === 0) return found;
  let folder: string | undefined;
  try {
    for await (const entry of readContainer(kind, bytes, name, limits.maxTotalBytes)) {
      if (isUnread(entry)) continue;
      const path = entry.name.replace(/^\.\//, '');
      folder ??= firstSegment(path);
      if (isTarKind(kind) && firstSegment(path) !== folder) break;
      const index = wanted.findIndex((pattern) => pattern.test(path));
      if (index < 0 || found[index] !== undefined || (entry.size ?? 0) > MAX_TELLING) continue;
      found[index] = await entry.read(MAX_TELLING);
      if (--missing === 0) break;
    }
  } catch {
    // What cannot be read is reported when the members are.
  }
  return found;
}

function firstSegment(path: string): string {
  return path.slice(0, path.indexOf('/') + 1);
}

function isTarKind(kind: ContainerKind): boolean {
  return ['tar', 'gzip', 'xz', 'zstd'].includes(kind);
}

/** Bytes of a manifest that is looked at for a name; real ones have some thousand. */
const MAX_TELLING = 16 * 1024 * 1024;

/** Platform of a VSIX, from the attribute of its manifest (VSIX schema 2011, Identity). */
function vsixPlatform(manifest: Uint8Array): string | undefined {
  return /\bTargetPlatform="([a-z0-9-]{1,40})"/.exec(utf8Text(manifest) ?? '')?.[1];
}

function firefoxTarget(manifest: Uint8Array): string | undefined {
  const version = stringOf(manifest, 'version');
  const id =
    stringOf(manifest, 'browser_specific_settings', 'gecko', 'id') ??
    stringOf(manifest, 'applications', 'gecko', 'id');
  return id && version && genericTarget(id, version);
}

function crxTarget(bytes: Uint8Array, manifest: Uint8Array): string | undefined {
  const version = stringOf(manifest, 'version');
  return version && chromeTarget(readCrxFacts(bytes).id, version);
}

/** An application's archive is no package of npm, though its manifest is of that form. */
function appTarget(manifest: Uint8Array): string | undefined {
  const name = stringOf(manifest, 'name');
  const version = stringOf(manifest, 'version');
  return name && version && genericTarget(name, version);
}

/** Of a control file (deb-control(5)); Ubuntu's versions say so, all others are taken for Debian's. */
function controlTarget(control: Uint8Array): string | undefined {
  const text = utf8Text(control) ?? '';
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S+)`, 'm').exec(text)?.[1];
  const [name, version, arch] = [field('Package'), field('Version'), field('Architecture')];
  const vendor = version?.includes('ubuntu') ? 'ubuntu' : 'debian';
  return name && version && arch && debTarget(vendor, name, version, arch);
}
