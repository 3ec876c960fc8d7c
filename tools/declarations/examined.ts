import { digestOf, utf8Bytes } from '@avow/bytes';
import { type DeclarationText, type Examination, examineProduct } from '@avow/examine';
import type { Member, UnreadMember } from '@avow/formats';
import { openProduct, type Product } from '@avow/products';
import { engine, FlowFollower, ModuleReader, rules } from '@avow/workers';

/** A product for the goldens: a package, a part of one, or a member that it brings. */
export interface Subject {
  readonly spec: string;
  /** Only members below this folder, and their paths from there. */
  readonly folder?: string;
}

export async function open({ spec, folder }: Subject): Promise<Product> {
  const product = await openProduct(spec, { folder: process.cwd() });
  return folder === undefined ? product : within(product, folder);
}

/** Examines with nothing kept from run to run. */
export async function examined(
  product: Product,
  declaration?: DeclarationText,
): Promise<Examination> {
  const [code, records] = [engine(), rules()];
  const reader = new ModuleReader({ engine: code.digest, rules: records.digest });
  const follower = new FlowFollower({
    pool: reader.pool,
    engine: code.digest,
    rules: records.digest,
  });
  try {
    return await examineProduct({
      product,
      engine: code,
      rules: records,
      readModules: (tasks) => reader.read(tasks),
      followData: (job) => follower.follow(job),
      ...(declaration === undefined ? {} : { declaration }),
    });
  } finally {
    reader.close();
  }
}

/** The product with `code` put after the last line of one of its modules. */
export function seeded(product: Product, path: string, code: string): Product {
  return changed(product, (member) => {
    if ('why' in member || member.path !== path) return member;
    const bytes = new Uint8Array([...member.bytes, ...utf8Bytes(`\n${code}\n`)]);
    return { ...member, bytes, digest: digestOf(bytes) };
  });
}

function within(product: Product, folder: string): Product {
  const prefix = `${folder}/`;
  return changed(product, (member) =>
    member.path.startsWith(prefix)
      ? { ...member, path: member.path.slice(prefix.length) }
      : undefined,
  );
}

type AnyMember = Member | UnreadMember;

function changed(product: Product, change: (member: AnyMember) => AnyMember | undefined): Product {
  return {
    target: product.target,
    digest: product.digest,
    size: product.size,
    kind: product.kind,
    async *members() {
      for await (const member of product.members()) {
        const next = change(member);
        if (next !== undefined) yield next;
      }
    },
  };
}
