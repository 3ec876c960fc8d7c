import type { ExaminedModule } from '@avow/examine';
import type { Artifact, ArtifactLocation } from 'sarif';

/**
 * The modules as artifacts. One within a nested container names its container
 * by `parentIndex` and its own path from the container's root (SARIF 2.1.0,
 * 3.24.3), and regions count in the innermost.
 */
export class Artifacts {
  readonly list: Artifact[] = [];
  readonly #indexes = new Map<string, number>();

  readonly #folder: string;

  /** @param folder Where the product stands in what the service scans, `` or ending with `/`. */
  constructor(modules: readonly ExaminedModule[], folder = '') {
    this.#folder = folder;
    for (const { path, size, digest } of modules) {
      const artifact = this.list[this.#indexOf(path)]!;
      artifact.length = size;
      artifact.hashes = { 'sha-256': digest.slice('sha256:'.length) };
    }
  }

  locationOf(path: string): ArtifactLocation {
    const index = this.#indexOf(path);
    return { uri: this.list[index]!.location!.uri!, index };
  }

  #indexOf(path: string): number {
    const known = this.#indexes.get(path);
    if (known !== undefined) return known;
    const inner = path.lastIndexOf('!/');
    const artifact: Artifact =
      inner === -1
        ? { location: { uri: uriOf(this.#folder + path) } }
        : {
            location: { uri: `/${uriOf(path.slice(inner + 2))}` },
            parentIndex: this.#indexOf(path.slice(0, inner)),
          };
    this.#indexes.set(path, this.list.length);
    return this.list.push(artifact) - 1;
  }
}

/** A relative reference (RFC 3986, 4.2): each segment encoded, none taken for a scheme or a climb. */
function uriOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^\.+$/.test(segment) ? segment.replaceAll('.', '%2E') : encoded(segment)))
    .join('/');
}

function encoded(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replaceAll('%40', '@');
}
