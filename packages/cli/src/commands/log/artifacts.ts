import { mkdirSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf } from '@avow/bytes';

/** Manifests, declarations and other documents, kept by digest: `public/artifact/<hex>`. */
export class Artifacts {
  readonly #folder: string;
  readonly #state: string;
  /** Each writing has a name of its own: the same document may be sent twice at once. */
  #writings = 0;

  constructor(logFolder: string) {
    this.#folder = join(logFolder, 'public', 'artifact');
    this.#state = join(logFolder, 'state');
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Durable once it returns. */
  async keep(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    const name = digest.slice('sha256:'.length);
    const temporary = join(this.#state, `artifact-${name}-${this.#writings++}`);
    const file = await open(temporary, 'w');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(temporary, join(this.#folder, name));
    const folder = await open(this.#folder, 'r');
    await folder.sync();
    await folder.close();
    return digest;
  }

  /** The artifact with this digest in hex, held against it; undefined when it is not kept. */
  async read(hex: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(join(this.#folder, hex));
      return digestOf(bytes) === `sha256:${hex}` ? bytes : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
