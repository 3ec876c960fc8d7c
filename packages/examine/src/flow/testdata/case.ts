import { isFeatureId } from '@avow/declare';

/** One labelled flow of a case: what must be found, and the lines that it goes by. */
export interface LabelledFlow {
  readonly source: string;
  readonly destination: string;
  readonly recipient: string | undefined;
  readonly transforms: readonly string[] | undefined;
  readonly gate: string | undefined;
  /** `FILE:LINE` of the places that must be shown. */
  readonly from: string;
  readonly steps: readonly string[];
  readonly to: string;
  /** Lines that the data passes too, and that may be shown or not. */
  readonly passes: readonly string[];
}

export interface CaseFile {
  readonly path: string;
  readonly text: string;
}

/** A small product and the flows that it has, by what its code means. */
export interface FlowCase {
  readonly name: string;
  readonly flows: readonly LabelledFlow[];
  /** Why there is no flow though it looks like one. */
  readonly nearMiss: string | undefined;
  /** Why the engine does not give what the labels say; undefined where it does. */
  readonly fails: string | undefined;
  readonly files: readonly CaseFile[];
}

/**
 * Reads a case of `testdata/corpus/`: header lines, then the files.
 *
 * `flow SOURCE -> DESTINATION [recipient=…] [transforms=a,b] [gate=…]` and its
 * `hop source|step|pass|destination FILE:LINE` lines, as often as there are
 * flows; or `none REASON`. `fails=REASON` marks a case that is not met.
 * Throws an `Error` on anything else.
 */
export function parseCase(name: string, text: string): FlowCase {
  const [head = '', ...parts] = text.split(/^-- (?=\S+ --$)/m);
  const flows: LabelledFlow[] = [];
  let nearMiss: string | undefined;
  let fails: string | undefined;
  for (const line of head.trimEnd().split('\n')) {
    if (line.startsWith('flow ')) flows.push(parseFlow(line));
    else if (line.startsWith('hop ')) flows.push(withHop(flows.pop(), line));
    else if (line.startsWith('none ')) nearMiss = line.slice('none '.length);
    else if (line.startsWith('fails=')) fails = line.slice('fails='.length);
    else throw new Error(`${name}: "${line}" is no line of a header`);
  }
  if ((flows.length === 0) !== (nearMiss !== undefined)) {
    throw new Error(`${name}: either flows or the reason why there is none`);
  }
  return { name, flows, nearMiss, fails, files: parts.map(parseFile) };
}

function parseFlow(line: string): LabelledFlow {
  const [, source = '', , destination = '', ...options] = line.split(' ');
  if (!isFeatureId(source) || !isFeatureId(destination)) throw new Error(`not in words: ${line}`);
  const option = new Map(
    options.map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  return {
    source,
    destination,
    recipient: option.get('recipient'),
    transforms: option.get('transforms')?.split(','),
    gate: option.get('gate'),
    from: '',
    steps: [],
    to: '',
    passes: [],
  };
}

function withHop(flow: LabelledFlow | undefined, line: string): LabelledFlow {
  const [, role = '', at = ''] = line.split(' ');
  if (flow === undefined) throw new Error(`no flow before: ${line}`);
  switch (role) {
    case 'source':
      return { ...flow, from: at };
    case 'destination':
      return { ...flow, to: at };
    case 'step':
      return { ...flow, steps: [...flow.steps, at] };
    case 'pass':
      return { ...flow, passes: [...flow.passes, at] };
    default:
      throw new Error(`no role: ${line}`);
  }
}

function parseFile(part: string): CaseFile {
  const end = part.indexOf(' --\n');
  return { path: part.slice(0, end), text: part.slice(end + ' --\n'.length) };
}
