import type { Folder } from '../fold/fold.ts';
import type { Script } from '../script.ts';
import type { Frame } from './frame.ts';
import type { Run } from './values.ts';

/** How a statement ended; undefined when it just ended. */
export type Completion =
  | { readonly kind: 'return'; readonly value: Run }
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined };

/** Works out expressions and statements of one script. A frame that is undefined is the script's own top. */
export interface Machine {
  readonly script: Script;
  readonly folder: Folder;
  /** Expressions, statements and calls around what is being worked out. Who catches what was thrown sets it back. */
  depth: number;
  /** The value of a `Number`. */
  numberAt(node: number): number;
  /** Takes one step of work. Throws `Stuck` when there is none left. */
  step(): void;
  /** What `work` gives; undefined when it is stuck or the script throws. */
  attempt<T>(work: () => T): { readonly value: T } | undefined;
  evaluate(node: number, frame: Frame | undefined): Run;
  execute(node: number, frame: Frame): Completion | undefined;
  call(callee: Run, self: Run, args: readonly Run[]): Run;
  construct(callee: Run, args: readonly Run[]): Run;
  read(binding: number, frame: Frame | undefined): Run;
  write(binding: number, frame: Frame | undefined, value: Run): void;
  /** Whether what the script does while it loads is being worked out: then open objects may be changed. */
  readonly isSettling: boolean;
  /** The text of a function of the script, as it is written. */
  sourceOf(fn: number): string;
  /** Whether a text is one that `sourceOf` gave. */
  isSource(text: string): boolean;
}
