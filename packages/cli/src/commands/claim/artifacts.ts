import { basename, resolve } from 'node:path';
import type { Digest } from '@avow/bytes';
import {
  type Artifact,
  type ArtifactStore,
  type Docket,
  FOLDER_MARK,
  isFolder,
  type KeptStore,
  nameOf,
  type Release,
  type Subject,
} from '@avow/docket';
import { listName, type Product, productOfBytes, productOfList } from '@avow/products';
import { releaseOfProduct } from './stored.ts';

/** Other releases that a place is looked up in: the newest that are kept. */
const MAX_RELEASES = 8;
/** Names of products offered where a claim names none. */
const MAX_NAMES = 1_000;

/** The artifacts of a docket, as products. */
export class Artifacts {
  readonly #store: ArtifactStore;
  readonly #kept: KeptStore;

  constructor({
    artifacts,
    kept,
  }: { readonly artifacts: ArtifactStore; readonly kept: KeptStore }) {
    this.#store = artifacts;
    this.#kept = kept;
  }

  /**
   * Keeps a product: an archive's bytes, or a folder's list and files. Not one
   * that would be another product when it is opened again. Gives the alarm
   * where its number has other contents too.
   */
  async keep(docket: Docket, product: Product, spec: string): Promise<Subject | undefined> {
    const { target, size } = product;
    const bytes = product.artifact?.() ?? product.list?.();
    if (bytes === undefined || !target.startsWith('pkg:')) return undefined;
    const contents = product.contents?.();
    const file = contents === undefined ? fileOf(product, spec) : folderOf(spec);
    if (contents === undefined) {
      const again = await productOfBytes(bytes, file);
      if (again.target !== target || again.digest !== product.digest) return undefined;
    }
    const shelved = { target, file, bytes, size, ...(contents === undefined ? {} : { contents }) };
    return docket.keepArtifact(this.#store, shelved);
  }

  /** Every content of a release that is kept; where none is, the latest folder of that name. */
  async of(target: string): Promise<readonly Product[]> {
    const named = await this.#store.artifactsNamed(nameOf(target));
    const same = named.filter((one) => one.target === target);
    const archives = same.filter((one) => !isFolder(one));
    return this.#open(archives.length > 0 ? archives : same.slice(-1));
  }

  /** The product with this digest, among the releases of one name. */
  async withDigest(target: string, digest: string): Promise<Product | undefined> {
    const named = await this.#store.artifactsNamed(nameOf(target));
    const [product] = await this.#open(named.filter((one) => one.digest === digest).slice(0, 1));
    return product;
  }

  /** Releases and updates of these names, but those: the newest that were kept, first. */
  async releases(names: readonly string[], but: ReadonlySet<string>): Promise<readonly Release[]> {
    const releases: Release[] = [];
    for (const name of names) {
      const artifacts = (await this.#store.artifactsNamed(name)).filter(
        (one) => !but.has(one.digest) && !isFolder(one),
      );
      for (const product of await this.#open(artifacts.slice(-MAX_RELEASES).reverse())) {
        releases.push(await releaseOfProduct(product));
      }
    }
    return releases;
  }

  /** Every release and update of a product's name. */
  async all(target: string): Promise<readonly Product[]> {
    const named = await this.#store.artifactsNamed(nameOf(target));
    return this.#open(named.filter((one) => !isFolder(one)));
  }

  /** Targets that are kept of these names. */
  async targets(names: readonly string[]): Promise<readonly string[]> {
    const targets = new Set<string>();
    for (const name of names) {
      for (const { target } of await this.#store.artifactsNamed(name)) targets.add(target);
    }
    return [...targets];
  }

  names(): Promise<readonly string[]> {
    return this.#store.artifactNames(MAX_NAMES);
  }

  async #open(artifacts: readonly Artifact[]): Promise<readonly Product[]> {
    const products: Product[] = [];
    for (const artifact of artifacts) {
      const { digest, file } = artifact;
      const bytes = await this.#kept.read(digest);
      // Erased, or damaged: it is not there any more.
      if (bytes === undefined) continue;
      const read = (own: Digest) => this.#kept.read(own);
      products.push(
        isFolder(artifact)
          ? await productOfList(bytes, file.slice(0, -FOLDER_MARK.length), read)
          : await productOfBytes(bytes, file),
      );
    }
    return products;
  }
}

/** The folder's own name, which is part of its target where nothing in it says what it is. */
function folderOf(spec: string): string {
  const name = spec.startsWith('list:')
    ? listName(spec.slice('list:'.length))
    : basename(resolve(spec.replace(/^file:/, '')));
  return `${name}${FOLDER_MARK}`;
}

/** A file's own name; of a release that was fetched, one that says what it is. */
function fileOf({ target, kind }: Product, spec: string): string {
  const isFetched = /^(?:npm|deb):/.test(spec) && !/\.(?:deb|tgz)$/.test(spec);
  if (!isFetched) return basename(spec.replace(/^(?:file|vsix|crx|deb):/, ''));
  const name = decodeURIComponent(target.replace(/^pkg:[^/]+\//, '').replace(/\?.*$/, ''));
  return `${name.replaceAll(/[^\w.@+~-]+/g, '-')}.${kind === 'deb' ? 'deb' : 'tgz'}`;
}
