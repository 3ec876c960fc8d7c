/**
 * Whether lines of a SpamAssassin file count: `if`, `ifplugin`, `else`, `endif`
 * (Mail::SpamAssassin::Conf 4.0, "Preprocessing options").
 *
 * A plugin counts as there when a `loadplugin` line of the folder loads it. A
 * version or `can(…)`, `has(…)` is taken to be that of a current engine: what
 * is newer than a version holds, what is older does not. The first doubtful
 * answer is towards "it counts", so that nothing is hidden by a condition.
 */
export class Conditions {
  readonly #plugins: ReadonlySet<string>;
  readonly #stack: boolean[] = [];

  constructor(plugins: ReadonlySet<string>) {
    this.#plugins = plugins;
  }

  get holds(): boolean {
    return this.#stack.every(Boolean);
  }

  get depth(): number {
    return this.#stack.length;
  }

  /** True when the line was one of the four; false for any other. */
  take(word: string, rest: string): boolean {
    switch (word) {
      case 'ifplugin':
        this.#stack.push(this.#plugins.has(rest.trim()));
        return true;
      case 'if':
        this.#stack.push(this.#evaluate(rest));
        return true;
      case 'else':
        if (this.#stack.length > 0) this.#stack.push(!this.#stack.pop());
        return true;
      case 'endif':
        this.#stack.pop();
        return true;
      default:
        return false;
    }
  }

  #evaluate(expression: string): boolean {
    const atoms = expression
      // Patterns below begin with white space: a long one would cost its square.
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/!?\s*plugin\s*\(\s*([\w:]+)\s*\)/g, (whole, name) =>
        this.#plugins.has(name) !== whole.startsWith('!') ? ' 1 ' : ' 0 ',
      )
      .replaceAll(/!\s*(?:can|has)\s*\([^)]*\)/g, ' 0 ')
      .replaceAll(/(?:can|has)\s*\(\s*([\w:]*?)(?:::\w+)?\s*\)/g, (_whole, module) =>
        module.startsWith('Mail::SpamAssassin::Plugin') && !this.#plugins.has(module)
          ? ' 0 '
          : ' 1 ',
      )
      .replaceAll(/perl_version\s*(>=|>|<=|<|==)\s*[\d.]+/g, (_whole, how) => atom(how))
      .replaceAll(/version\s*(>=|>|<=|<|==)\s*[\d.]+/g, (_whole, how) => atom(how))
      .replaceAll(/!?\s*local_tests_only/g, (whole) => (whole.startsWith('!') ? ' 1 ' : ' 0 '));
    return truth(atoms);
  }
}

function atom(how: string): string {
  return how.startsWith('>') ? ' 1 ' : ' 0 ';
}

/** `1`, `0`, `!`, `&&`, `||` and brackets, innermost brackets first; anything else counts as true. */
function truth(text: string): boolean {
  let left = text.slice(0, 4096);
  for (let round = 0; round < 32 && left.includes('('); round++) {
    left = left.replaceAll(/!?\s*\(([^()]*)\)/g, (whole, inner) =>
      flat(inner) !== whole.startsWith('!') ? ' 1 ' : ' 0 ',
    );
  }
  return flat(left);
}

function flat(text: string): boolean {
  return text
    .split('||')
    .some((any) => any.split('&&').every((one) => !/^\s*(?:!\s*1|0)\s*$/.test(one)));
}
