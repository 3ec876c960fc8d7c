/** `  4d2c:	bl	2b30 <getenv@plt>`: address, mnemonic, operands. */
const LINE = /^\s*([0-9a-f]+):\s+([a-z][a-z0-9.]*)\s*(.*)$/;

const BRANCH = /^[0-9a-f]+ <(.+?)@plt>$/;

/**
 * Calls and jumps of imports in what objdump prints of AArch64 code: those to
 * stubs, which it names, and those through a slot that `adrp` and `ldr` before
 * them load, which it does not: pages and slots are followed here line by line.
 */
export class AArch64Lines {
  /** Names of imports by the address of their slot in hex. */
  readonly #slots: ReadonlyMap<string, string>;
  readonly #pages = new Map<string, number>();
  readonly #loaded = new Map<string, string>();

  constructor(slots: ReadonlyMap<string, string>) {
    this.#slots = slots;
  }

  /** `4d2c getenv`; undefined where a line calls no import. */
  site(line: string): string | undefined {
    const found = LINE.exec(line);
    if (found === null) return undefined;
    const [, at = '', mnemonic = '', operands = ''] = found;
    switch (mnemonic) {
      case 'bl':
      case 'b': {
        const name = BRANCH.exec(operands)?.[1]?.replace(/@.*$/, '');
        if (mnemonic === 'bl') this.#forgetVolatile();
        return name === undefined ? undefined : `${at} ${name}`;
      }
      case 'blr':
      case 'br': {
        const name = this.#loaded.get(operands);
        if (mnemonic === 'blr') this.#forgetVolatile();
        return name === undefined ? undefined : `${at} ${name}`;
      }
      case 'ret':
        // What comes next is reached from elsewhere.
        this.#pages.clear();
        this.#loaded.clear();
        return undefined;
      default:
        this.#follow(mnemonic, operands);
        return undefined;
    }
  }

  #follow(mnemonic: string, operands: string): void {
    const [to = '', second = ''] = operands.split(', ', 2);
    if (/^(?:st|cmp|cmn|tst|cb|tb|ret|b\.|prfm|nop|svc|dmb)/.test(mnemonic)) return;
    const page = mnemonic === 'adrp' ? Number.parseInt(second, 16) : undefined;
    const slot = mnemonic === 'ldr' ? this.#slotOf(operands) : undefined;
    const added = mnemonic === 'add' ? this.#sumOf(operands) : undefined;
    for (const register of mnemonic === 'ldp' ? [to, second] : [to]) {
      this.#pages.delete(register);
      this.#loaded.delete(register);
    }
    if (page !== undefined) this.#pages.set(to, page);
    if (added !== undefined) this.#pages.set(to, added);
    if (slot !== undefined) this.#loaded.set(to, slot);
  }

  #slotOf(operands: string): string | undefined {
    const found = /^x\d+, \[(x\d+)(?:, #(\d+))?\]/.exec(operands);
    const page = found === null ? undefined : this.#pages.get(found[1]!);
    if (page === undefined) return undefined;
    return this.#slots.get((page + Number(found![2] ?? 0)).toString(16));
  }

  #sumOf(operands: string): number | undefined {
    const found = /^x\d+, (x\d+), #0x([0-9a-f]+)$/.exec(operands);
    const page = found === null ? undefined : this.#pages.get(found[1]!);
    return page === undefined ? undefined : page + Number.parseInt(found![2]!, 16);
  }

  /** AAPCS64: x0 to x18 may be changed by a call. */
  #forgetVolatile(): void {
    for (let register = 0; register <= 18; register += 1) {
      this.#pages.delete(`x${register}`);
      this.#loaded.delete(`x${register}`);
    }
  }
}
