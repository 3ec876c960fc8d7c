/** Documents that name places: CSAF 2.0 and SARIF 2.1.0, read for claims and within limits. */

/** Larger ones are no claim but a report of a whole product. */
export const MAX_DOCUMENT = 10_000_000;
/** Results of a SARIF log that are read; of more there is a question. */
const MAX_RESULTS = 100;
/** Artifacts within artifacts: containers do not nest deeper, and a circle never ends. */
const MAX_PARENTS = 16;
/** Of any list; ten million results are not looked at one by one. */
const MAX_LIST = 10_000;

/** The text that a document stands for: lines as a person would have pasted them. */
export interface DocumentText {
  readonly kind: 'csaf' | 'sarif';
  readonly lines: readonly string[];
  /** There was more than was read. */
  readonly isCut: boolean;
}

type Node = Readonly<Record<string, unknown>>;

/** Reads a CSAF or SARIF document; undefined for any other text. */
export function readDocument(text: string): DocumentText | undefined {
  if (text.length > MAX_DOCUMENT || !/^\s*\{/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const document = nodeOf(value);
  if (nodeOf(document['document'])['csaf_version'] !== undefined) return csafLines(document);
  return Array.isArray(document['runs']) ? sarifLines(document) : undefined;
}

/** The locators stand in notes titled "Locator" and in generic URIs; other notes say what is there. */
function csafLines(document: Node): DocumentText {
  const notes = listOf(document['vulnerabilities']).flatMap((one) => listOf(one['notes']));
  const own = listOf(nodeOf(document['document'])['notes']);
  const all = [...notes, ...own].slice(0, MAX_RESULTS);
  const lines = all
    .map((note) => textOf(note['text']))
    .filter((line): line is string => line !== undefined)
    .flatMap((line) => line.split('\n', 50));
  return { kind: 'csaf', lines, isCut: notes.length + own.length > MAX_RESULTS };
}

/** Each location's three views, the one that says most. */
function sarifLines(document: Node): DocumentText {
  const lines: string[] = [];
  let results = 0;
  for (const run of listOf(document['runs'])) {
    const artifacts = listOf(run['artifacts']);
    const all = listOf(run['results']);
    results += Array.isArray(run['results']) ? run['results'].length : 0;
    for (const result of all.slice(0, MAX_RESULTS)) {
      const message = textOf(nodeOf(result['message'])['text']);
      if (message !== undefined) lines.push(...message.split('\n', 20));
      for (const location of listOf(result['locations']).slice(0, MAX_RESULTS)) {
        const line = locationLine(location, artifacts);
        if (line !== undefined) lines.push(line);
      }
    }
  }
  return { kind: 'sarif', lines: lines.slice(0, 4 * MAX_RESULTS), isCut: results > MAX_RESULTS };
}

function locationLine(location: Node, artifacts: readonly Node[]): string | undefined {
  for (const logical of listOf(location['logicalLocations'])) {
    const name = textOf(logical['fullyQualifiedName']);
    if (name !== undefined && /^pkg:|\+0x/.test(name)) return name;
  }
  const physical = nodeOf(location['physicalLocation']);
  const region = nodeOf(physical['region']);
  const path = pathOf(nodeOf(physical['artifactLocation']), artifacts);
  const address = nodeOf(physical['address']);
  const named = textOf(address['fullyQualifiedName']);
  if (named !== undefined) return named;
  if (path === undefined) return undefined;
  const offset = address['relativeAddress'];
  if (isCount(offset)) return `${path}+0x${offset.toString(16)}`;
  const line = region['startLine'];
  if (!isCount(line)) return undefined;
  const column = region['startColumn'];
  return isCount(column) ? `${path}:${line}:${column}` : `${path}:${line}`;
}

/** Through `parentIndex`, a bounded number of times: a circle is cut. */
function pathOf(location: Node, artifacts: readonly Node[]): string | undefined {
  const uri = textOf(location['uri']);
  if (uri !== undefined) return uri;
  let names: string[] = [];
  let index = location['index'];
  for (let depth = 0; depth < MAX_PARENTS && isCount(index); depth++) {
    const artifact = nodeOf(artifacts[index]);
    const name = textOf(nodeOf(artifact['location'])['uri']);
    if (name !== undefined) names = [name, ...names];
    index = artifact['parentIndex'];
  }
  return names.at(-1);
}

function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Node)
    : {};
}

function listOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.slice(0, MAX_LIST).map(nodeOf) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 65_536 ? value : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
