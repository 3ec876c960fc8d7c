import type { Place } from '@avow/locator';
import type { Names } from '../native/lines.ts';
import { printForms } from '../native/place.ts';
import {
  type AboutRange,
  type Column,
  firstAtOrAbove,
  lastAtOrBelow,
  type ModuleAbout,
  type ModuleTables,
} from './columns.ts';
import type { ExportRow, FunctionRow, ImportRow, RowQuery, Rows, StringRow } from './rows.ts';
import { Texts } from './texts.ts';

/** The tables of one module, asked by address, name and words. */
export class ModuleContents {
  readonly about: ModuleAbout;
  readonly #columns: Readonly<Record<string, Column>>;
  readonly #texts = new Map<string, Texts>();
  #sitesOf: { readonly starts: Uint32Array; readonly order: Uint32Array } | undefined;

  constructor({ about, columns }: ModuleTables) {
    this.about = about;
    this.#columns = columns;
  }

  get counts(): { functions: number; strings: number; imports: number; exports: number } {
    return {
      functions: this.#numbers('function.start').length,
      strings: this.#numbers('string.rva').length,
      imports: this.#numbers('import.slot').length,
      exports: this.#numbers('export.rva').length,
    };
  }

  functions(query: RowQuery): Rows<FunctionRow> {
    if (query.q === undefined) {
      return this.#page(query, this.counts.functions, (index) => this.#function(index));
    }
    if (this.about.kind === 'wasm') {
      return this.#found(query, 'function.name', (index) => this.#function(index));
    }
    return this.#namedFunctions(query, query.q);
  }

  /** By the names of symbols: both are in order of address. */
  #namedFunctions({ after, limit }: RowQuery, q: string): Rows<FunctionRow> {
    const symbols = this.#columns['function.symbol'] as Int32Array;
    const rvas = this.#numbers('symbol.rva');
    const starts = this.#numbers('function.start');
    const from = after >= starts.length ? rvas.length : firstAtOrAbove(rvas, starts[after] ?? 0);
    const rows: FunctionRow[] = [];
    let symbol = from;
    while (rows.length <= limit) {
      const [found] = this.#text('symbol.name').find(q, symbol, 1);
      if (found === undefined) return { rows, next: undefined };
      symbol = found + 1;
      const index = lastAtOrBelow(starts, rvas[found]!);
      if (index < 0 || symbols[index] !== found) continue;
      if (rows.length === limit) return { rows, next: index };
      rows.push(this.#function(index));
    }
    return { rows, next: undefined };
  }

  #function(index: number): FunctionRow {
    const symbol = this.#columns['function.symbol']?.[index] ?? -1;
    const name =
      this.about.kind === 'wasm'
        ? this.#text('function.name').at(index)
        : symbol < 0
          ? ''
          : this.#text('symbol.name').at(symbol);
    const [start, end] = [
      this.#numbers('function.start')[index]!,
      this.#numbers('function.end')[index]!,
    ];
    return { index, start, end, name };
  }

  /** The function that holds an address; undefined between functions. */
  functionAt(rva: number): FunctionRow | undefined {
    const index = lastAtOrBelow(this.#numbers('function.start'), rva);
    if (index < 0 || rva >= this.#numbers('function.end')[index]!) return undefined;
    return this.#function(index);
  }

  /** Of WebAssembly: a function by its index, where its instructions begin, and its type. */
  body(
    func: number,
  ): (FunctionRow & { readonly codeAt: number; readonly type: string }) | undefined {
    const index = func - this.about.importedFunctions;
    const codeAt = this.#numbers('function.code')[index];
    if (codeAt === undefined) return undefined;
    const type = this.about.signatures[this.#numbers('function.type')[index]!] ?? '';
    return { ...this.#function(index), codeAt, type };
  }

  strings(query: RowQuery): Rows<StringRow> {
    const row = (index: number) => this.#string(index);
    return query.q === undefined
      ? this.#page(query, this.counts.strings, row)
      : this.#found(query, 'string.text', row);
  }

  #string(index: number): StringRow {
    return {
      index,
      rva: this.#numbers('string.rva')[index]!,
      offset: this.#numbers('string.offset')[index]!,
      size: this.#numbers('string.size')[index]!,
      text: this.#text('string.text').at(index),
    };
  }

  /** The text that an address is in, from there on. */
  textAt(rva: number): string | undefined {
    const index = lastAtOrBelow(this.#numbers('string.rva'), rva);
    if (index < 0) return this.#shortAt(rva);
    const { rva: start, size, text } = this.#string(index);
    if (rva >= start + size) return this.#shortAt(rva);
    // Of a text in 16 bits, two bytes are a character.
    return text.slice(Math.floor(((rva - start) * text.length) / size));
  }

  #shortAt(rva: number): string | undefined {
    const index = lastAtOrBelow(this.#numbers('short.rva'), rva);
    const isStart = index >= 0 && this.#numbers('short.rva')[index] === rva;
    return isStart ? this.#text('short.text').at(index) : undefined;
  }

  /** The text that begins at an address. */
  textFrom(rva: number): string | undefined {
    const index = lastAtOrBelow(this.#numbers('string.rva'), rva);
    const isStart = index >= 0 && this.#numbers('string.rva')[index] === rva;
    return isStart ? this.#text('string.text').at(index) : undefined;
  }

  /** Row of the import that is a function of WebAssembly, by the function's index. */
  importOfFunction(func: number): number | undefined {
    const slots = this.#numbers('import.slot');
    const kinds = this.#text('import.kind');
    const row = slots.findIndex((slot, index) => slot === func && kinds.at(index) === 'function');
    return row < 0 ? undefined : row;
  }

  imports(query: RowQuery): Rows<ImportRow> {
    const row = (index: number) => this.import(index)!;
    return query.q === undefined
      ? this.#page(query, this.counts.imports, row)
      : this.#found(query, 'import.name', row);
  }

  import(index: number): ImportRow | undefined {
    const slot = this.#numbers('import.slot')[index];
    if (slot === undefined) return undefined;
    const { starts } = this.#sites();
    return {
      index,
      name: this.#text('import.name').at(index),
      library: this.#text('import.library').at(index),
      slot,
      kind: this.#columns['import.kind'] === undefined ? '' : this.#text('import.kind').at(index),
      sites: starts[index + 1]! - starts[index]!,
    };
  }

  /** Where code reaches an import, in order of address. */
  sitesOf(index: number, after: number, limit: number): Rows<number> {
    const { starts, order } = this.#sites();
    const [first, last] = [starts[index] ?? 0, starts[index + 1] ?? 0];
    const from = first + after;
    const rvas = this.#numbers('site.rva');
    const rows = [...order.subarray(from, Math.min(last, from + limit))].map((site) => rvas[site]!);
    return { rows, next: from + limit < last ? after + limit : undefined };
  }

  /** Sites by the import that they reach, as counts add up. */
  #sites(): { readonly starts: Uint32Array; readonly order: Uint32Array } {
    if (this.#sitesOf !== undefined) return this.#sitesOf;
    const targets = this.#numbers('site.target');
    const starts = new Uint32Array(this.counts.imports + 2);
    for (const target of targets) if (target >= 0) starts[target + 1]! += 1;
    for (let at = 1; at < starts.length; at += 1) starts[at]! += starts[at - 1]!;
    const next = starts.slice();
    const order = new Uint32Array(targets.length);
    targets.forEach((target, site) => {
      if (target >= 0) order[next[target]!++] = site;
    });
    this.#sitesOf = { starts, order };
    return this.#sitesOf;
  }

  exports(query: RowQuery): Rows<ExportRow> {
    const row = (index: number): ExportRow => ({
      index,
      name: this.#text('export.name').at(index),
      rva: this.#numbers('export.rva')[index]!,
      to: this.#text('export.to').at(index),
    });
    return query.q === undefined
      ? this.#page(query, this.counts.exports, row)
      : this.#found(query, 'export.name', row);
  }

  /** Where code refers to an address from `start` to before `end`, and how often. */
  referrers(
    start: number,
    end: number,
    limit: number,
  ): { readonly rows: readonly number[]; readonly count: number } {
    const to = this.#numbers('reference.to');
    const [first, last] = [firstAtOrAbove(to, start), firstAtOrAbove(to, end)];
    const rows = this.#numbers('reference.from').slice(first, Math.min(last, first + limit));
    return { rows: [...rows], count: last - first };
  }

  /** What instructions are about. */
  names(): Names {
    const rvas = this.#numbers('site.rva');
    const targets = this.#numbers('site.target');
    return {
      importAt: (rva) => {
        const site = lastAtOrBelow(rvas, rva);
        if (site < 0 || rvas[site] !== rva) return undefined;
        const target = targets[site]!;
        return { name: target < 0 ? undefined : this.#text('import.name').at(target) };
      },
      nameAt: (rva) => this.nameAt(rva),
      textAt: (rva) => this.textAt(rva),
    };
  }

  /** The import that the instruction at an address reaches. */
  importIndexAt(rva: number): number | undefined {
    const rvas = this.#numbers('site.rva');
    const site = lastAtOrBelow(rvas, rva);
    const target = site < 0 || rvas[site] !== rva ? -1 : this.#numbers('site.target')[site]!;
    return target < 0 ? undefined : target;
  }

  /** The name of what begins at an address, of functions first. */
  nameAt(rva: number): string | undefined {
    if (this.about.kind === 'wasm') {
      const own = this.functionAt(rva);
      return own !== undefined && own.start === rva && own.name !== '' ? own.name : undefined;
    }
    const own = lastAtOrBelow(this.#numbers('function.start'), rva);
    const isStart = own >= 0 && this.#numbers('function.start')[own] === rva;
    const name = isStart ? this.#function(own).name : '';
    if (name !== '') return name;
    const symbol = lastAtOrBelow(this.#numbers('symbol.rva'), rva);
    if (symbol < 0 || this.#numbers('symbol.rva')[symbol] !== rva) return undefined;
    return this.#text('symbol.name').at(symbol) || undefined;
  }

  /** The address that a place names; undefined where the module has no such place. */
  rvaOf(place: Place): number | undefined {
    switch (place.kind) {
      case 'va':
        return exact(place.address - BigInt(`0x${this.about.base}`));
      case 'rva':
        return exact(place.address);
      case 'off':
        return this.rvaOfOffset(Number(place.address) - this.about.offset);
      case 'sec': {
        const { sections } = this.about;
        const section = sections.find(
          ({ name }) => name === place.name || name.endsWith(`,${place.name}`),
        );
        return section && exact(BigInt(section.rva) + place.offset);
      }
      case 'sym': {
        const rva = this.#symbolNamed(place.name);
        return rva === undefined ? undefined : exact(BigInt(rva) + (place.offset ?? 0n));
      }
      case 'wasm': {
        const body = this.body(place.func);
        if (body === undefined) return undefined;
        const at = place.offset === undefined ? body.codeAt : exact(place.offset);
        return at !== undefined && at >= body.start && at < body.end ? at : undefined;
      }
      case 'all':
        return this.about.entries[0]?.rva ?? this.#numbers('function.start')[0];
      case 'il':
      case 'line':
      case 'rec':
        return undefined;
      default:
        return place satisfies never;
    }
  }

  #symbolNamed(name: string): number | undefined {
    const isWasm = this.about.kind === 'wasm';
    const texts = this.#text(isWasm ? 'function.name' : 'symbol.name');
    const rvas = this.#numbers(isWasm ? 'function.start' : 'symbol.rva');
    for (let from = 0; ; ) {
      const [index] = texts.find(name, from, 1);
      if (index === undefined) return undefined;
      const own = texts.at(index);
      if (own === name || own === `_${name}`) return rvas[index];
      from = index + 1;
    }
  }

  /** The part of the file that is mapped at an address. */
  rangeAt(rva: number): AboutRange | undefined {
    return this.about.ranges.find((one) => rva >= one.rva && rva < one.rva + one.size);
  }

  /** Offset in the file of an address; undefined for what is not in the file. */
  offsetOf(rva: number): number | undefined {
    const range = this.rangeAt(rva);
    return range && this.about.offset + range.offset + rva - range.rva;
  }

  /** One place in every form that people write, as a locator has them. */
  forms(rva: number): string[] {
    const own = this.functionAt(rva);
    const offset = this.offsetOf(rva);
    if (this.about.kind === 'wasm') {
      const func = own && `@wasm:${this.about.importedFunctions + own.index}:0x${rva.toString(16)}`;
      return [...(func === undefined ? [] : [func]), `@off:0x${rva.toString(16)}`];
    }
    return printForms({
      va: BigInt(`0x${this.about.base}`) + BigInt(rva),
      rva,
      offset,
      section: this.#sectionAt(rva),
      symbol: own === undefined || own.name === '' ? undefined : { name: own.name, rva: own.start },
    });
  }

  /** The innermost, where sections overlap. */
  #sectionAt(rva: number): ModuleAbout['sections'][number] | undefined {
    return this.about.sections
      .filter((one) => rva >= one.rva && rva < one.rva + one.size)
      .reduce<ModuleAbout['sections'][number] | undefined>(
        (inner, one) => (inner === undefined || one.size < inner.size ? one : inner),
        undefined,
      );
  }

  /** Address of an offset of the image. */
  rvaOfOffset(offset: number): number | undefined {
    const range = this.about.ranges.find(
      (one) => offset >= one.offset && offset < one.offset + one.size,
    );
    return range && range.rva + offset - range.offset;
  }

  /** Whether code stands at an address: in a section of code, or where there are none, a mapped part of it. */
  isCode(rva: number): boolean {
    const { sections } = this.about;
    if (!sections.some(({ executable }) => executable))
      return this.rangeAt(rva)?.executable === true;
    return sections.some((one) => one.executable && rva >= one.rva && rva < one.rva + one.size);
  }

  #numbers(name: string): Float64Array {
    return (this.#columns[name] as Float64Array | undefined) ?? NONE;
  }

  #text(name: string): Texts {
    let texts = this.#texts.get(name);
    if (texts === undefined) {
      const bytes = (this.#columns[name] as Uint8Array | undefined) ?? new Uint8Array(0);
      const ends = (this.#columns[`${name}.ends`] as Uint32Array | undefined) ?? new Uint32Array(0);
      texts = new Texts(bytes, ends);
      this.#texts.set(name, texts);
    }
    return texts;
  }

  #page<Row>({ after, limit }: RowQuery, count: number, row: (index: number) => Row): Rows<Row> {
    const end = Math.min(count, after + limit);
    const rows: Row[] = [];
    for (let index = after; index < end; index += 1) rows.push(row(index));
    return { rows, next: end < count ? end : undefined };
  }

  #found<Row>(
    { q = '', after, limit }: RowQuery,
    column: string,
    row: (index: number) => Row,
  ): Rows<Row> {
    const found = this.#text(column).find(q, after, limit + 1);
    const next = found[limit];
    return { rows: found.slice(0, limit).map(row), next };
  }
}

const NONE = new Float64Array(0);

/** Addresses above 2^53 are in no file. */
function exact(value: bigint): number | undefined {
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}
