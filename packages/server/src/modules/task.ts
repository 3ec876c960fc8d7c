/** What the child that makes tables is given. */
export interface BuildTask {
  /** File with the bytes of the module. */
  readonly source: string;
  /** Where the tables go. */
  readonly path: string;
  readonly slice?: string;
}

interface OfTables {
  /** Where the tables are. */
  readonly tables: string;
}

interface Listing extends OfTables {
  readonly q?: string;
  readonly after: number;
  readonly limit: number;
}

/** What a child that reads tables is asked. */
export type ReadTask =
  | (OfTables & { readonly what: 'about' })
  | (Listing & { readonly what: 'functions' | 'strings' | 'imports' | 'exports' })
  | (OfTables & {
      readonly what: 'calls';
      readonly import: number;
      readonly after: number;
      readonly limit: number;
    })
  /** Which bytes of the file are needed to show the code at a place. */
  | (OfTables & { readonly what: 'span'; readonly place: string; readonly from?: string })
  | (OfTables & {
      readonly what: 'code';
      readonly place: string;
      readonly from?: string;
      /** Base64: the bytes of the file that a span asked for. */
      readonly bytes: string;
      readonly limit: number;
      /** Lines around the place alone, so many on each side. */
      readonly around?: number;
    });

/** Bytes of the file that show the code at a place. */
export interface Span {
  /** Byte of the file at the place itself, and how many it has. */
  readonly at: number;
  readonly length: number;
  /** The place in every form. */
  readonly forms: readonly string[];
  /** Bytes of the file to be read; absent where there is no code. */
  readonly code?: { readonly from: number; readonly to: number };
}
