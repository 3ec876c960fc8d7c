import type { ShownInstruction } from './instructions.ts';

/** What an instruction is about, as far as the module tells. */
export type CodeNote =
  /** It reaches an import, or the system where `name` is undefined. */
  | { readonly kind: 'import'; readonly name: string | undefined }
  /** It names a function or data of the module. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** It names a text. */
  | { readonly kind: 'text'; readonly text: string };

/** An instruction with what it is about. */
export interface CodeLine extends ShownInstruction {
  readonly note?: CodeNote;
}

/** What is known of addresses of a module: RVAs in, words of the module out. */
export interface Names {
  /** Whether the instruction at an RVA reaches an import; `name` is undefined for the system. */
  importAt(rva: number): { readonly name: string | undefined } | undefined;
  nameAt(rva: number): string | undefined;
  textAt(rva: number): string | undefined;
}

/** Instructions with what each is about: an import before a name, a name before a text. */
export function notedLines(instructions: readonly ShownInstruction[], names: Names): CodeLine[] {
  return instructions.map((one) => {
    const note = noteOf(one, names);
    return note === undefined ? one : { ...one, note };
  });
}

function noteOf({ rva, refersTo }: ShownInstruction, names: Names): CodeNote | undefined {
  const imported = names.importAt(rva);
  if (imported !== undefined) return { kind: 'import', name: imported.name };
  if (refersTo === undefined) return undefined;
  const name = names.nameAt(refersTo);
  if (name !== undefined) return { kind: 'symbol', name };
  const text = names.textAt(refersTo);
  return text === undefined ? undefined : { kind: 'text', text };
}
