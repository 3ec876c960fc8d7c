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
/** Members of those names, in all, that are kept; a product of more is not declared in its depths. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Notes the members that may declare the product, as they go by. */
export class DeclarationWatch {
  readonly #kept = new Map<string, Uint8Array>();
  #bytes = 0;

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
    const chosen = chooseDeclaration([...this.#kept.keys()], textOf);
    if (chosen === undefined) return undefined;
    return { source: chosen.path, form: chosen.form, text: textOf(chosen.path) };
  }

  #note({ path, bytes }: Member): void {
    const isNested = path.includes('node_modules/') || INNER.test(path);
    if (isNested || !NAMES.test(path) || this.#bytes + bytes.length > MAX_KEPT_BYTES) return;
    this.#kept.set(path, bytes);
    this.#bytes += bytes.length;
  }
}
