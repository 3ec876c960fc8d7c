import { type Digest, Refused, type Why, why } from '@avow/bytes';
import { type Member, scriptText, type UnreadMember } from '@avow/formats';
import { type JsonNode, readJson } from '../manifest/json.ts';
import type { NativeModuleKind } from '../native/reading.ts';
import { Places } from '../observe/places.ts';
import type { ModuleTask, NativeTask } from '../observe/reading.ts';
import type { ExaminedModule } from '../result.ts';
import { mayBeDatabase } from './candidates.ts';
import { classify } from './classify.ts';

/** A member that is no script and yet a module. */
export interface OtherModule {
  readonly path: string;
  readonly kind: Exclude<ExaminedModule['kind'], 'script'>;
  readonly digest: Digest;
  readonly size: number;
  readonly why?: Why;
}

/** A native module with the task to read it. */
export interface NativeModule {
  readonly path: string;
  readonly kind: NativeModuleKind;
  readonly task: NativeTask;
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
  readonly scripts: readonly { readonly path: string; readonly task: ModuleTask }[];
  readonly others: readonly OtherModule[];
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
  /** Members that may be database updates, and manifests that say their versions. */
  readonly candidates: readonly Member[];
  /** Of all members, data too. */
  readonly paths: ReadonlySet<string>;
}

export async function survey(members: AsyncIterable<Member | UnreadMember>): Promise<Survey> {
  const surveyor = new Surveyor();
  for await (const member of members) {
    if ('why' in member) surveyor.takeUnread(member);
    else surveyor.take(member);
  }
  return surveyor;
}

class Surveyor implements Survey {
  readonly scripts: { path: string; task: ModuleTask }[] = [];
  readonly natives: NativeModule[] = [];
  readonly others: OtherModule[] = [];
  readonly manifests: Manifest[] = [];
  readonly unread: Unread[] = [];
  readonly candidates: Member[] = [];
  readonly paths = new Set<string>();

  takeUnread({ path, size, why }: UnreadMember): void {
    this.unread.push({ path, size: size ?? 0, why });
  }

  take(member: Member): void {
    const { path, bytes, digest } = member;
    this.paths.add(path);
    if (mayBeDatabase(path, bytes)) this.candidates.push(member);
    const size = bytes.length;
    const found = classify(path, bytes);
    switch (found.kind) {
      case 'script': {
        const { language, goal } = found;
        this.scripts.push({ path, task: { digest, bytes, language, goal } });
        return;
      }
      case 'manifest':
        this.#takeManifest(path, bytes, digest);
        return;
      case 'native': {
        const kind = found.image;
        this.natives.push({ path, kind, task: { digest, bytes, language: kind, goal: 'unknown' } });
        return;
      }
      case 'other-code':
        this.unread.push({
          path,
          size,
          why: { code: 'product.other-code', message: `not read: ${found.what}` },
        });
        return;
      case 'data':
        return;
      default:
        found satisfies never;
    }
  }

  #takeManifest(path: string, bytes: Uint8Array, digest: Digest): void {
    const { text } = scriptText(bytes);
    try {
      this.manifests.push({ path, json: readJson(text), places: new Places(text) });
      this.others.push({ path, kind: 'manifest', digest, size: bytes.length });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.others.push({ path, kind: 'manifest', digest, size: bytes.length, why: why(error) });
    }
  }
}
