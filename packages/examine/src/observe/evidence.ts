import { type ScriptTree, textOf } from '@avow/formats/script';

/** Characters of evidence, so that it fits a line of a terminal or a report. */
export const MAX_EVIDENCE = 120;

/** Characters of source that are looked at: enough for a line after blanks are taken out. */
const MAX_SOURCE = 600;

/** The code at a node on one line, shortened, with what was folded from it when it is not written there. */
export function evidenceOf(tree: ScriptTree, node: number, folded: string | undefined): string {
  const source = textOf(tree, node).slice(0, MAX_SOURCE);
  const code = shortened(oneLine(source), MAX_EVIDENCE);
  if (folded === undefined || folded === '' || source.includes(folded)) return code;
  const note = ` ⟵ ${shortened(oneLine(folded), 60)}`;
  return shortened(code, MAX_EVIDENCE - note.length) + note;
}

export function oneLine(text: string): string {
  return text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

/** Cut where it is too long, never inside a surrogate pair. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const last = cut.charCodeAt(cut.length - 1);
  return `${last >= 0xd800 && last < 0xdc00 ? cut.slice(0, -1) : cut}…`;
}
