import { type Digest, decodeText, digestOf, Refused, utf8Bytes, type Why, why } from '@avow/bytes';
import type { Member, UnreadMember } from '@avow/formats';
import { type JsonNode, readJson } from '../manifest/json.ts';
import type { NativeModuleKind } from '../native/reading.ts';
import { Places } from '../observe/places.ts';
import type { ModuleTask, ReadingTask } from '../observe/reading.ts';
import type { ExaminedModule } from '../result.ts';
import { mayBeDatabase } from './candidates.ts';
import { classify } from './classify.ts';
import { type GivenInline, inlineCodes } from './inline.ts';

/** A member that is no script and yet a module. */
export interface OtherModule {
  readonly path: string;
  readonly kind: Exclude<ExaminedModule['kind'], 'script'>;
  readonly digest: Digest;
  readonly size: number;
  readonly why?: Why;
}

/** A script or native module; its bytes went to whoever reads modules. */
export interface GivenModule {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  /** Its place among the tasks that were given. */
  readonly task: number;
}

export interface NativeModule extends GivenModule {
  readonly kind: NativeModuleKind;
}

export interface Manifest {
  readonly path: string;
  readonly json: JsonNode;
  readonly places: Places;
}

/** A member, or part of one, that was not read. */
export interface Unread {
  readonly path: string;
  readonly size: number;
  readonly why: Why;
}

/** All members of a product, by what they are to the examination. */
export interface Survey {
  /** Modules of machine code and WebAssembly, a fat file as one. */
  readonly natives: readonly NativeModule[];
  readonly scripts: readonly GivenModule[];
  /** Tasks of scripts by path, where they are to be kept. */
  readonly kept: ReadonlyMap<string, ModuleTask>;
  readonly others: readonly OtherModule[];
  readonly manifests: readonly Manifest[];
  /** Code that stands in manifests. */
  readonly inline: readonly GivenInline[];
  readonly unread: readonly Unread[];
  /** What is odd about members that are read nevertheless. */
  readonly odd: readonly { readonly path: string; readonly why: Why }[];
  /** By path: what a link points to, as stored. */
  readonly links: ReadonlyMap<string, string>;
  /** Members that may be database updates, and manifests that say their versions. */
  readonly candidates: readonly Member[];
  /** Of all members, data too. */
  readonly paths: ReadonlySet<string>;
}

/**
 * Looks at members as they go by. Modules are given on at once and not kept,
 * so that a product is never in memory as a whole; `keepsScripts` for who must
 * have their bytes again.
 */
export class Surveyor implements Survey {
  readonly scripts: GivenModule[] = [];
  readonly kept = new Map<string, ModuleTask>();
  readonly natives: NativeModule[] = [];
  readonly others: OtherModule[] = [];
  readonly manifests: Manifest[] = [];
  readonly inline: GivenInline[] = [];
  readonly unread: Unread[] = [];
  readonly odd: { path: string; why: Why }[] = [];
  readonly links = new Map<string, string>();
  readonly candidates: Member[] = [];
  readonly paths = new Set<string>();
  readonly #keepsScripts: boolean;
  #given = 0;

  constructor(keepsScripts: boolean) {
    this.#keepsScripts = keepsScripts;
  }

  /** The modules to read: members in their order, then code in manifests. */
  async *tasksOf(members: AsyncIterable<Member | UnreadMember>): AsyncGenerator<ReadingTask> {
    for await (const member of members) {
      if ('why' in member) this.#takeUnread(member);
      else {
        const task = this.#take(member);
        if (task !== undefined) yield task;
      }
    }
    for (const inline of inlineCodes(this.manifests)) {
      const bytes = utf8Bytes(inline.code);
      const digest = digestOf(bytes);
      this.inline.push({ ...inline, digest, task: this.#given++ });
      yield { digest, bytes, language: 'js', goal: 'commonjs', withLinks: true };
    }
  }

  #takeUnread({ path, size, why }: UnreadMember): void {
    this.unread.push({ path, size: size ?? 0, why });
  }

  #take(member: Member): ReadingTask | undefined {
    const { path, bytes, digest, link, oddities } = member;
    for (const why of oddities) this.odd.push({ path, why });
    if (link !== undefined) {
      this.links.set(path, link);
      return undefined;
    }
    this.paths.add(path);
    if (mayBeDatabase(path, bytes)) this.candidates.push({ ...member, bytes: ownBytes(bytes) });
    const size = bytes.length;
    const found = classify(path, bytes);
    switch (found.kind) {
      case 'script': {
        const { language, goal } = found;
        this.scripts.push({ path, digest, size, task: this.#given++ });
        if (!this.#keepsScripts) return { digest, bytes, language, goal };
        const task = { digest, bytes: ownBytes(bytes), language, goal };
        this.kept.set(path, task);
        return task;
      }
      case 'manifest':
        this.#takeManifest(path, bytes, digest);
        return undefined;
      case 'native': {
        const kind = found.image;
        this.natives.push({ path, kind, digest, size, task: this.#given++ });
        return { digest, bytes, language: kind, goal: 'unknown' };
      }
      case 'other-code':
        this.unread.push({
          path,
          size,
          why: { code: 'product.other-code', message: `not read: ${found.what}` },
        });
        return undefined;
      case 'data':
        return undefined;
      default:
        return found satisfies never;
    }
  }

  #takeManifest(path: string, bytes: Uint8Array, digest: Digest): void {
    const { text } = decodeText(bytes);
    try {
      this.manifests.push({ path, json: readJson(text), places: new Places(text) });
      this.others.push({ path, kind: 'manifest', digest, size: bytes.length });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.others.push({ path, kind: 'manifest', digest, size: bytes.length, why: why(error) });
    }
  }
}

/** A copy: a member may be a view of a much larger piece of its archive, which it would keep in memory. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
