import type { Flow } from '../result.ts';
import type { Changed } from './diff.ts';
import { type MovedModule, movedFlows } from './moved.ts';

/** Flows of the new release that the old did not have, and the other way round. */
export interface FlowChanges extends Changed<Flow> {
  /** The same data by the same files to another recipient. */
  readonly redirected: readonly { readonly old: Flow; readonly new: Flow }[];
}

/** Compares flows by id; one that is gone and one that is new make a pair where only the recipient differs. */
export function flowChanges(
  before: readonly Flow[],
  after: readonly Flow[],
  moved: readonly MovedModule[] = [],
): FlowChanges {
  const gone = beyond(before, after);
  const come = beyond(after, before);
  const same = movedFlows(moved, gone, come);
  const lost = gone.filter((flow) => !same.has(flow));
  const redirected: { old: Flow; new: Flow }[] = [];
  const gained = come.filter((flow) => {
    if (same.has(flow)) return false;
    const at = lost.findIndex((old) => wayOf(old) === wayOf(flow));
    if (at < 0) return true;
    redirected.push({ old: lost.splice(at, 1)[0]!, new: flow });
    return false;
  });
  return { gained, lost, redirected };
}

function beyond(flows: readonly Flow[], others: readonly Flow[]): Flow[] {
  const ids = new Set(others.map(({ id }) => id));
  return flows.filter(({ id }) => !ids.has(id));
}

/** What stays when the recipient changes: the data, the kind of destination, the files at both ends. */
function wayOf({ source, destination, hops }: Flow): string {
  const ends = [hops[0], hops.at(-1)].map((hop) => /#(.*?) @/.exec(hop?.locator ?? '')?.[1]);
  return [source, destination, ...ends].join('\n');
}
