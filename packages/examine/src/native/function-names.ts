import { type Functions, fingerprintOf, type NativeImage } from '@avow/formats/native';

/**
 * What functions are known by in results: their symbols, or the fingerprint of
 * their code, `code:1f2e3d4c5b6a7988`, which stays when a linker moves it.
 */
export class FunctionNames {
  readonly #image: NativeImage;
  readonly #functions: Functions;
  readonly #known = new Map<number, string>();

  constructor(image: NativeImage, functions: Functions) {
    this.#image = image;
    this.#functions = functions;
  }

  nameOf(index: number): string {
    let name = this.#known.get(index);
    if (name === undefined) {
      name = this.#symbol(index) ?? this.#fingerprint(index);
      this.#known.set(index, name);
    }
    return name;
  }

  #symbol(index: number): string | undefined {
    const symbol = this.#functions.symbol[index]!;
    if (symbol < 0) return undefined;
    try {
      return this.#image.symbols.nameOf(symbol);
    } catch {
      return undefined;
    }
  }

  #fingerprint(index: number): string {
    const { start, end } = this.#functions;
    const print = fingerprintOf(this.#image, start[index]!, end[index]!);
    return print === undefined ? '' : `code:${print}`;
  }
}
