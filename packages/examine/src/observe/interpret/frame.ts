import type { Run } from './values.ts';

/** One call of a function of the script that is being worked out: its variables by binding. */
export class Frame {
  readonly values = new Map<number, Run>();
  readonly fn: number;
  readonly parent: Frame | undefined;
  readonly self: Run;
  readonly args: readonly Run[];

  constructor(fn: number, parent: Frame | undefined, self: Run, args: readonly Run[]) {
    this.fn = fn;
    this.parent = parent;
    this.self = self;
    this.args = args;
  }
}
