import type { Point } from './point.ts';

/** What made a value: a node (function, class, object, call …), an instance of a class, a module. */
export interface Origin {
  readonly kind: 'node' | 'instance' | 'module';
  /** The node, or the class or constructor function; of a module its root. */
  readonly point: Point;
}

/** A place where a function is called: how its parameters get their arguments. */
export interface CallOf {
  /** The call. */
  readonly point: Point;
  /** The expression that parameter `position` gets; undefined where there is none or it is not known. */
  argument(position: number): Point | undefined;
}

/** Steps backwards from a use to what made the value; real code needs fewer. */
export const MAX_STEPS = 14;

/** Asks backwards what a value may be. */
export interface OriginQuery {
  of(point: Point, steps?: number): readonly Origin[];
  member(origin: Origin, name: string, steps: number): readonly Origin[];
  constructorsOf(point: Point, depth?: number): readonly Point[];
}
