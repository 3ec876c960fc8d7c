import type { AnyRule } from '@adguard/agtree';
import { utf8Bytes } from '@avow/bytes';
import { linesOf } from '../lines.ts';
import type { RecordReader } from '../record.ts';
import { AdblockRule, treeOf } from './rule.ts';

/** The longest real filter met has 31 kB; agtree's time on a longer one is not ours to bound. */
const MAX_RULE_CHARS = 256 * 1024;

/**
 * Filters of an Adblock Plus, uBlock Origin or AdGuard list, parsed by agtree.
 *
 * Comments, headers and preprocessor lines are no records, `!#include` is one:
 * it brings in a list that is not here.
 */
export const adblockReader: RecordReader = {
  format: 'adblock',
  *read({ path, pieces }) {
    for (const { text, number, offset, size } of linesOf(pieces)) {
      if (text === undefined || text.length > MAX_RULE_CHARS) {
        const record = new AdblockRule(path, number, offset, '', undefined);
        record.unknown = { code: 'record.line-too-long', message: `a line of ${size} bytes` };
        yield record;
        continue;
      }
      const first = text.charCodeAt(0);
      if (text === '' || (first === 33 && !text.startsWith('!#include'))) continue;
      const record = ruleOf(path, number, offset, text);
      if (record !== undefined) yield record;
    }
  },
};

/** The same of a text that another format carries. */
export function readAdblockText(path: string, text: string): Generator<AdblockRule> {
  const context = { plugins: new Set<string>(), tests: new Map(), rulesets: new Map() };
  return adblockReader.read({ path, pieces: [utf8Bytes(text)] }, context) as Generator<AdblockRule>;
}

function ruleOf(
  path: string,
  number: number,
  offset: number,
  text: string,
): AdblockRule | undefined {
  if (text.startsWith('!#include')) {
    const record = new AdblockRule(path, number, offset, text, undefined);
    record.unknown = { code: 'adblock.include', message: `brings in ${text.slice(9).trim()}` };
    return record;
  }
  let tree: AnyRule;
  try {
    tree = treeOf(text);
  } catch (error) {
    const record = new AdblockRule(path, number, offset, text, undefined);
    const message = (error as Error).message.slice(0, 200);
    record.unknown = { code: 'adblock.rule', message };
    return record;
  }
  if (tree.category === 'Comment' || tree.category === 'Empty') return undefined;
  const record = new AdblockRule(path, number, offset, text, tree);
  if (tree.category === 'Invalid')
    record.unknown = { code: 'adblock.rule', message: 'agtree cannot read it' };
  return record;
}
