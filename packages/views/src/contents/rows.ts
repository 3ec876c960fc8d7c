/** Which rows are wanted: those that contain `q`, from row `after` on. */
export interface RowQuery {
  readonly q?: string;
  readonly after: number;
  readonly limit: number;
}

/** Some rows, and the row to go on from; undefined at the end. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly next: number | undefined;
}

export interface FunctionRow {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** Empty for the nameless. */
  readonly name: string;
}

export interface StringRow {
  readonly index: number;
  readonly rva: number;
  /** In the image, in bytes, as `size`. */
  readonly offset: number;
  readonly size: number;
  readonly text: string;
}

export interface ImportRow {
  readonly index: number;
  readonly name: string;
  readonly library: string;
  /** RVA of the pointer that a loader fills; the index among its kind in WebAssembly; -1 for none. */
  readonly slot: number;
  /** Of WebAssembly: `function`, `memory`. */
  readonly kind: string;
  /** How many places of code reach it. */
  readonly sites: number;
}

export interface ExportRow {
  readonly index: number;
  readonly name: string;
  /** -1 for what is no place of code or data here. */
  readonly rva: number;
  /** What it stands for elsewhere: `ntdll.RtlAllocateHeap`, `memory 0`. */
  readonly to: string;
}
