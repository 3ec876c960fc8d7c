import { basename } from 'node:path';
import {
  type Artifact,
  type ArtifactStore,
  type Docket,
  type KeptStore,
  nameOf,
  type Release,
  type Subject,
} from '@avow/docket';
import { type Product, productOfBytes } from '@avow/products';
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
   * Keeps a product's bytes, unless it is a folder, which has none of its own,
   * or one that would not be the same product when it is opened again. Gives
   * the alarm where its number has other contents too.
   */
  async keep(docket: Docket, product: Product, spec: string): Promise<Subject | undefined> {
    const bytes = product.artifact?.();
    if (bytes === undefined || !product.target.startsWith('pkg:')) return undefined;
    const file = fileOf(product, spec);
    const again = await productOfBytes(bytes, file);
    if (again.target !== product.target || again.digest !== product.digest) return undefined;
    return docket.keepArtifact(this.#store, { target: product.target, file }, bytes);
  }

  /** Every content of a release that is kept. */
  async of(target: string): Promise<readonly Product[]> {
    const named = await this.#store.artifactsNamed(nameOf(target));
    return this.#open(named.filter((one) => one.target === target));
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
        ({ digest }) => !but.has(digest),
      );
      for (const product of await this.#open(artifacts.slice(-MAX_RELEASES).reverse())) {
        releases.push(await releaseOfProduct(product));
      }
    }
    return releases;
  }

  /** Every release and update of a product's name. */
  async all(target: string): Promise<readonly Product[]> {
    return this.#open(await this.#store.artifactsNamed(nameOf(target)));
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
    for (const { digest, file } of artifacts) {
      const bytes = await this.#kept.read(digest);
      // Erased, or damaged: it is not there any more.
      if (bytes !== undefined) products.push(await productOfBytes(bytes, file));
    }
    return products;
  }
}

/** A file's own name; of a release that was fetched, one that says what it is. */
function fileOf({ target, kind }: Product, spec: string): string {
  const isFetched = /^(?:npm|deb):/.test(spec) && !/\.(?:deb|tgz)$/.test(spec);
  if (!isFetched) return basename(spec.replace(/^(?:file|vsix|crx|deb):/, ''));
  const name = decodeURIComponent(target.replace(/^pkg:[^/]+\//, '').replace(/\?.*$/, ''));
  return `${name.replaceAll(/[^\w.@+~-]+/g, '-')}.${kind === 'deb' ? 'deb' : 'tgz'}`;
}
