import { join } from 'node:path';
import { type Digest, digestOf } from '@avow/bytes';
import type { KeptStore } from '@avow/docket';
import { DISK, type Disk, makeFolders } from '../log/disk.ts';

/**
 * Evidence as files named by their digest. Bytes are kept as they are and read
 * back against their name: a file that is not what it is called is not there.
 */
export class KeptFiles implements KeptStore {
  readonly #folder: string;
  readonly #disk: Disk;
  #temporary = 0;

  constructor(folder: string, disk: Disk = DISK) {
    this.#folder = folder;
    this.#disk = disk;
  }

  async keep(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    const path = this.#pathOf(digest);
    if ((await this.read(digest)) !== undefined) return digest;
    await makeFolders(this.#disk, this.#folder);
    const temporary = join(this.#folder, `new-${process.pid}-${this.#temporary++}`);
    await this.#disk.write(temporary, bytes);
    await this.#disk.rename(temporary, path);
    await this.#disk.syncFolder(this.#folder);
    return digest;
  }

  async read(digest: Digest): Promise<Uint8Array | undefined> {
    const bytes = await this.#disk.read(this.#pathOf(digest));
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined;
  }

  #pathOf(digest: Digest): string {
    // Digests come out of events; a text that is none must not name another file.
    const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? 'none';
    return join(this.#folder, hex);
  }
}
