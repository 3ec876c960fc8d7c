import type { ScriptTree } from '@avow/formats/script';
import type { ScriptGoal, ScriptLanguage } from './reading.ts';

export interface ParseOptions {
  readonly language: Exclude<ScriptLanguage, 'html' | 'vue' | 'svelte'>;
  readonly goal: ScriptGoal;
  /** A text within a script whose tree is still in use: its own must not take that one's place. */
  readonly isInner?: boolean;
}

/** Any parser. Refuses with a `script.*` code what it cannot read. */
export type ParseScript = (text: string, options: ParseOptions) => ScriptTree;
