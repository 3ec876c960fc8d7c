import type { Flow } from '../../result.ts';
import type { FlowCase, LabelledFlow } from './case.ts';

/** What came of one case. */
export interface Outcome {
  readonly name: string;
  /** Labelled flows that were found, and those that were not. */
  readonly found: number;
  readonly missed: readonly string[];
  /** Reported flows that no label tells of. */
  readonly wrong: readonly string[];
  /** Lines of found flows: labelled ones shown, labelled ones left out, shown ones that the data does not pass. */
  readonly lines: number;
  readonly missedLines: readonly string[];
  readonly wrongLines: readonly string[];
}

interface Reported {
  readonly flow: Flow;
  readonly lines: readonly string[];
}

/** Holds what was reported against the labels; each label takes one reported flow. */
export function measure(labelled: FlowCase, flows: readonly Flow[]): Outcome {
  const left = flows.map((flow) => ({ flow, lines: flow.hops.map(lineOf) }));
  const outcome = { found: 0, lines: 0, missed: [] as string[] };
  const missedLines: string[] = [];
  const wrongLines: string[] = [];
  for (const label of labelled.flows) {
    const at = left.findIndex((reported) => isLabelled(reported, label));
    if (at < 0) {
      outcome.missed.push(`${label.source} ${label.from} -> ${label.destination} ${label.to}`);
      continue;
    }
    outcome.found += 1;
    const [{ lines }] = left.splice(at, 1) as unknown as [Reported];
    const wanted = new Set([label.from, ...label.steps, label.to]);
    const shown = new Set(lines);
    for (const line of wanted) {
      if (shown.has(line)) outcome.lines += 1;
      else missedLines.push(line);
    }
    const passed = new Set([...wanted, ...label.passes]);
    for (const line of shown) if (!passed.has(line)) wrongLines.push(line);
  }
  const wrong = left.map(({ flow, lines }) => {
    const recipient = flow.recipient === undefined ? '' : ` ${flow.recipient}`;
    const how = [...flow.transforms, ...(flow.gate === undefined ? [] : [`if ${flow.gate}`])];
    return `${flow.source} ${lines[0]} -> ${flow.destination} ${lines.at(-1)}${recipient} [${how}]`;
  });
  return { name: labelled.name, ...outcome, wrong, missedLines, wrongLines };
}

function isLabelled({ flow, lines }: Reported, label: LabelledFlow): boolean {
  return (
    flow.source === label.source &&
    flow.destination === label.destination &&
    lines[0] === label.from &&
    lines.at(-1) === label.to &&
    (label.recipient === undefined || flow.recipient === label.recipient) &&
    (label.transforms === undefined || holdsInOrder(flow.transforms, label.transforms)) &&
    (label.gate === undefined || (flow.gate ?? '').includes(label.gate))
  );
}

/** Whether the transforms of the label are among those reported, in its order. */
function holdsInOrder(reported: readonly string[], wanted: readonly string[]): boolean {
  let at = 0;
  for (const each of reported) if (each === wanted[at]) at += 1;
  return at === wanted.length;
}

/** `FILE:LINE` of a hop. */
function lineOf({ locator }: Flow['hops'][number]): string {
  const [, path, line] = /#(.*?) @line:(\d+)/.exec(locator) ?? [];
  return `${decodeURIComponent(path ?? '')}:${line}`;
}
