import { reachableFunctions, readWasm, type WasmModule } from '@avow/formats/wasm';
import type { Place } from '@avow/locator';
import { type FoundPlace, here } from './place.ts';

/** Functions shown around one that is not there. */
const NEAR = 5;

/** Places of a WebAssembly module: functions by index, instructions by their byte in the file. */
export class PlacedWasm {
  readonly #module: WasmModule;
  #reach: { readonly known: ReadonlySet<number> | undefined } | undefined;

  constructor(bytes: Uint8Array) {
    this.#module = readWasm(bytes);
  }

  find(place: Place): FoundPlace | undefined {
    if (place.kind === 'off') return this.#at(Number(place.address), place.length ?? 1);
    if (place.kind === 'sym') return this.#named(place.name, place.offset ?? 0n);
    if (place.kind !== 'wasm') return undefined;
    const { bodies, importedFunctions: imported } = this.#module;
    const body = bodies[place.func - imported];
    if (body === undefined) {
      const says =
        place.func < imported
          ? `function ${place.func} is imported and has no code here`
          : `the module has ${imported + bodies.length} functions`;
      return { state: 'outside', says, near: this.#near(place.func) };
    }
    const at = place.offset === undefined ? body.offset : Number(place.offset);
    if (at >= body.offset && at < body.end) return here(at, 1, body.offset, body.end);
    const says = `function ${place.func} is from byte 0x${body.offset.toString(16)} to 0x${body.end.toString(16)}`;
    return { state: 'outside', says, near: this.#near(place.func) };
  }

  /** The function around a place that is neither exported nor called nor referred to by any that can run. */
  unreached(place: Place): string | undefined {
    const found = this.find(place);
    const at = found?.state === 'here' ? found.span.within?.start : undefined;
    const index = this.#module.bodies.findIndex(({ offset }) => offset === at);
    if (index < 0) return undefined;
    this.#reach ??= { known: reachableFunctions(this.#module) };
    const func = index + this.#module.importedFunctions;
    if (this.#reach.known?.has(func) !== false) return undefined;
    const name = this.#module.names.get(func);
    return name === undefined ? `${func}` : `${func} (${name})`;
  }

  #at(offset: number, length: number): FoundPlace {
    const body = this.#module.bodies.find((one) => offset >= one.offset && offset < one.end);
    if (body !== undefined) return here(offset, length, body.offset, body.end);
    const says = `no function has its code at byte 0x${offset.toString(16)}`;
    return { state: 'outside', says, near: this.#near(0) };
  }

  #named(name: string, offset: bigint): FoundPlace {
    const { bodies, importedFunctions: imported } = this.#module;
    const index = bodies.findIndex((_, number) => this.#nameOf(number + imported) === name);
    const body = bodies[index];
    if (body === undefined) {
      const names = bodies.map((_, number) => this.#nameOf(number + imported));
      return { state: 'no-name', says: `there is no function ${name}`, names };
    }
    return this.#at(body.offset + Number(offset), 1);
  }

  #near(func: number): readonly string[] {
    const { bodies, importedFunctions: imported } = this.#module;
    const last = imported + bodies.length - 1;
    const from = Math.min(Math.max(imported, func - 2), Math.max(imported, last - NEAR + 1));
    return bodies
      .slice(from - imported, from - imported + NEAR)
      .map((_, number) => `function ${this.#nameOf(from + number)} @wasm:${from + number}`);
  }

  #nameOf(func: number): string {
    const { names, exports } = this.#module;
    const exported = exports.find(({ kind, index }) => kind === 'function' && index === func);
    return names.get(func) ?? exported?.name ?? '(without name)';
  }
}
