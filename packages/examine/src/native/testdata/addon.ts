import { le32 } from '../../../../formats/src/module/native/testdata/bytes.ts';
import { ELF, elfOf } from '../../../../formats/src/module/native/testdata/elf.ts';

const IMPORTS = ['napi_create_function', 'napi_set_named_property', 'getenv'];
const TEXTS = ['readHome', 'readNothing', 'HOME'];

/** `lea register, [to]` at `at`: the register's bits of ModRM. */
function lea(at: number, register: number, to: number): number[] {
  return [0x48, 0x8d, 0x05 | (register << 3), ...le32(to - (at + 7))];
}

/** `call [slot]`. */
function callSlot(at: number, index: number): number[] {
  return [0xff, 0x15, ...le32(ELF.slots + 8 * index - (at + 6))];
}

function textAt(index: number): number {
  return ELF.text + TEXTS.slice(0, index).reduce((all, text) => all + text.length + 1, 0);
}

const FIRST = ELF.code + 0x60;
const SECOND = ELF.code + 0x80;

/** Where its two functions start. */
export const ADDON_FUNCTIONS = [FIRST, SECOND] as const;

/** A `.node` file that gives `readHome`, which reads HOME, and `readNothing`. */
export function addonOf(isNameFirst = false): Uint8Array {
  const code: number[] = [];
  const at = (): number => ELF.code + code.length;
  for (const [name, callback] of [
    [0, FIRST],
    [1, SECOND],
  ] as const) {
    const named = (): unknown => code.push(...lea(at(), 2, textAt(name)));
    if (isNameFirst) named();
    code.push(...lea(at(), 1, callback));
    code.push(...callSlot(at(), 0));
    if (!isNameFirst) named();
    code.push(...callSlot(at(), 1));
  }
  code.push(0xc3);
  while (at() < FIRST) code.push(0xcc);
  code.push(...lea(at(), 7, textAt(2)));
  code.push(...callSlot(at(), 2));
  code.push(0xc3);
  while (at() < SECOND) code.push(0xcc);
  code.push(0xc3);
  return elfOf({ imports: IMPORTS, texts: TEXTS, code });
}

