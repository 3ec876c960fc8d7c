import { type NativeImage, ReferenceKind, rangeAt, sliceAt } from '@avow/formats/native';

/** Bytes of code between a text's address and its length. */
const MAX_APART = 24;

/** Texts as Rust gives them: an address, and the length beside it, in either order. */
export class SlicePairs {
  readonly #image: NativeImage;
  #address = { rva: Number.NEGATIVE_INFINITY, to: 0 };
  #length = { rva: Number.NEGATIVE_INFINITY, value: 0 };

  constructor(image: NativeImage) {
    this.#image = image;
  }

  /** Takes what an instruction names; the text, where its second half has come. */
  see(rva: number, kind: number, to: number): string | undefined {
    if (kind === ReferenceKind.constant) this.#length = { rva, value: to };
    else if (kind === ReferenceKind.address && rangeAt(this.#image, to)?.executable === false) {
      this.#address = { rva, to };
    } else return undefined;
    if (Math.abs(this.#address.rva - this.#length.rva) > MAX_APART) return undefined;
    const text = sliceAt(this.#image, this.#address.to, this.#length.value);
    // One that ends in zero is told as it is.
    const isWhole = text === undefined || text.endsWith('\0');
    if (!isWhole) this.#length = { rva: Number.NEGATIVE_INFINITY, value: 0 };
    return isWhole ? undefined : text;
  }
}
