import { Refused } from '@avow/bytes';
import { type ParserOptions, parse } from '@babel/parser';
import { treeFromEstree } from './estree/build.ts';
import type { EsNode } from './estree/walk.ts';
import { refusalOf } from './faults.ts';
import type { ScriptTree } from './tree.ts';

export type TypedLanguage = 'ts' | 'tsx' | 'dts' | 'flow';

type Plugins = NonNullable<ParserOptions['plugins']>;

const PLUGINS: Readonly<Record<TypedLanguage, Plugins>> = {
  ts: ['typescript'],
  tsx: ['typescript', 'jsx'],
  dts: [['typescript', { dts: true }]],
  flow: [['flow', { all: true }], 'jsx'],
};

/**
 * TypeScript and Flow by @babel/parser, which is JavaScript itself.
 *
 * Refuses `script.syntax` at the offset that Babel names, and
 * `script.too-deep` when nesting exhausts its stack. `isTolerant` passes over
 * what is wrong beyond the grammar: `abstract` methods of other classes,
 * names declared twice.
 */
export function readWithBabel(
  text: string,
  language: TypedLanguage,
  goal: ScriptTree['goal'],
  isTolerant = false,
): ScriptTree {
  return treeFromEstree(parsed(text, language, goal, isTolerant), text, goal);
}

function parsed(
  text: string,
  language: TypedLanguage,
  goal: ScriptTree['goal'],
  isTolerant: boolean,
): EsNode {
  try {
    const file = parse(text, {
      sourceType: goal,
      errorRecovery: isTolerant,
      attachComment: false,
      plugins: ['estree', ...decorators(language), ...PLUGINS[language]],
    });
    return file.program as unknown as EsNode;
  } catch (error) {
    if (error instanceof SyntaxError && 'pos' in error) {
      // The message ends in line and column, which the offset already says.
      const found = error.message.replace(/ \(\d+:\d+\)$/, '');
      throw new Refused('script.syntax', Number(error.pos), found);
    }
    throw refusalOf(error);
  }
}

/** TypeScript still has the older decorators, of parameters too. */
function decorators(language: TypedLanguage): Plugins {
  return [language === 'flow' ? 'decorators' : 'decorators-legacy', 'decoratorAutoAccessors'];
}
