import { decodeText } from '@avow/bytes';
import type { Form } from '@avow/declare';
import { chooseDeclaration } from '@avow/declare/choose';
import type { Member, UnreadMember } from '@avow/formats';

/** A declaration's text: given by the caller, or found in the product. */
export interface DeclarationText {
  /** The file's name, for messages and places. */
  readonly source: string;
  readonly form: Form | 'avow';
  readonly text: string;
}

/** Names that may be a declaration's; their bytes are kept while members go by. */
const NAMES =
  /(?:^|\/)(?:avow\.(?:ya?ml|json)|manifest\.json|PrivacyInfo\.xcprivacy|deno\.jsonc?|policy\.json|cackle\.toml|package\.json)$/;
/** Within a container that is not itself an extension: of another product. */
const INNER = /(?<!\.(?:xpi|crx|vsix))!\//;
/** Code by its name: where it lies decides which folder a declaration must stand over. */
const CODE = /\.(?:[cm]?[jt]sx?|html?|vue|svelte|node|wasm|exe|dll|so|dylib|py|sh|ps1|bat|cmd)$/i;
/** No package of Debian needs what lies there to work (Debian Policy 4.7, 12.3): pages of a changelog are no code of it. */
const DOCUMENTATION = /^usr\/share\/doc\//;
/** Members of those names, in all, that are kept; a product of more is not declared in its depths. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Notes the members that may declare the product, as they go by. */
export class DeclarationWatch {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;
  /** The folder that holds all code met so far; undefined before the first. */
  #codeFolder: string | undefined;

  async *watch(
    members: AsyncIterable<Member | UnreadMember>,
  ): AsyncGenerator<Member | UnreadMember> {
    for await (const member of members) {
      if (!('why' in member)) this.#note(member);
      yield member;
    }
  }

  /** The product's own declaration, or the manifest that stands for one. */
  found(): DeclarationText | undefined {
    const textOf = (path: string): string => decodeText(this.#kept.get(path)!).text;
    const chosen = chooseDeclaration([...this.#kept.keys()], textOf, this.#codeFolder ?? '');
    if (chosen === undefined) return undefined;
    return { source: chosen.path, form: chosen.form, text: textOf(chosen.path) };
  }

  #note({ path, bytes }: Member): void {
    if (CODE.test(path) && !DOCUMENTATION.test(path))
      this.#codeFolder = sharedFolder(this.#codeFolder, path);
    const isNested = path.includes('node_modules/') || INNER.test(path);
    if (isNested || !NAMES.test(path) || this.#bytes + bytes.length > MAX_KEPT_BYTES) return;
    this.#kept.set(path, bytes);
    this.#bytes += bytes.length;
  }
}

/** The deepest folder that holds both a folder and a file. */
function sharedFolder(folder: string | undefined, path: string): string {
  const own = path.slice(0, path.lastIndexOf('/') + 1);
  let shared = folder ?? own;
  while (!own.startsWith(shared))
    shared = shared.slice(0, shared.lastIndexOf('/', shared.length - 2) + 1);
  return shared;
}
