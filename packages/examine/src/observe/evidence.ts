import { type ScriptTree, textOf } from '@avow/formats/script';
import { MAX_EVIDENCE, oneLine, shortened } from './one-line.ts';

export { MAX_EVIDENCE, oneLine, shortened };

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
