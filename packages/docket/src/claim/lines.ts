/**
 * Ways of naming a place that people and tools use beside those that the
 * locator's own loose reader knows, turned into one that it knows. Anchored,
 * and each part excludes what ends it, so that a line is read once.
 */
type Rewrite = readonly [form: RegExp, to: string];

const FILE = '((?:[A-Za-z]:)?[^\\s:;,"\'`<>()|@]*\\.[A-Za-z][A-Za-z0-9]{0,7})';
const BINARY = '([^\\s:"\'`<>()+!]*\\.(?:so(?:\\.\\d+)*|dll|exe|sys|dylib|ko|node))';
const HEX = '(0x[0-9A-Fa-f]{1,16})';

const form = (source: string, to: string): Rewrite => [new RegExp(`^${source}$`, 'i'), to];

const REWRITES: readonly Rewrite[] = [
  // Run-times
  form(
    `.*\\(wasm://wasm/(?:([\\w.-]{1,200}?)(?:\\.wasm)?-)?[0-9a-f]{8}:(wasm-function\\[\\d{1,10}\\]):${HEX}\\)`,
    '$1.wasm:$2:$3',
  ),
  form(`.*\\bwasm-function\\[(\\d{1,10})\\]@(\\S{1,500}):${HEX}`, '$2:wasm-function[$1]:$3'),
  form(`at [^()]*\\(webpack://[^/]*/\\./([^?\\s]+)\\?:(\\d+):(\\d+)\\)`, 'at $1:$2:$3'),
  form(`at (?:[^()]*\\()?webpack-internal:///\\./([^?\\s:]+):(\\d+):(\\d+)\\)?`, 'at $1:$2:$3'),
  form('[a-z ]{1,40}@((?:https?|file|[a-z-]+-extension):\\S+:\\d+:\\d+)', '@$1'),
  form('[^()]{0,200}\\bat \\S{1,100} \\(([^\\s()]+:\\d+:\\d+)\\)(?: .*)?', 'at $1'),
  form(`at [\\w./$<>@-]+\\((\\w+\\.(?:java|kt|scala|groovy|clj)):(\\d+)\\).*`, '$1:$2'),
  form(`(?:[^()]{0,200}\\s)?at [^()]*\\([^()]*\\) in (\\S.*):line (\\d+)`, '$1:$2'),
  form(`.*\\bpanicked at ${FILE}:(\\d+):(\\d+):?.*`, '$1:$2:$3'),
  form(`.*\\bin ${FILE}:(\\d+)`, '$1:$2'),
  form(`.*\\bin ${FILE}(?: on| at|,)? line (\\d+)\\.?`, '$1:$2'),
  form(`.*\\bat ${FILE} line (\\d+)\\.?`, '$1:$2'),
  form(`lua\\d?: ${FILE}:(\\d+):.*`, '$1:$2'),
  form(`#\\d+\\s+\\S+ \\(package:[^/\\s]+/(\\S+?):(\\d+):(\\d+)\\)`, '$1:$2:$3'),
  form(`\\([\\w.-]+ [\\w.-]+\\) ${FILE}:(\\d+): .*`, '$1:$2'),
  form(`.*: file ${FILE}, line (\\d+)`, '$1:$2'),
  form(`${FILE}: line (\\d+): .*`, '$1:$2'),
  form(`at ${FILE}:(\\d+) char:(\\d+)`, '$1:$2:$3'),
  form(`at <\\w+>, ${FILE}: line (\\d+)`, '$1:$2'),
  // Compilers, linters, scanners, prose
  form(`${FILE}\\((\\d+)\\): .*`, '$1:$2'),
  form(`${FILE}: line (\\d+), col (\\d+), .*`, '$1:$2:$3'),
  form(`https?://\\S{1,500}/blob/[^/\\s]+/([^\\s?#]+)(?:\\?[^\\s#]*)?#L(\\d+)C(\\d+)`, '$1:$2:$3'),
  form(
    `https?://\\S{1,500}/blob/[^/\\s]+/([^\\s?#]+)(?:\\?[^\\s#]*)?#L(\\d+)(?:-L?(\\d+))?`,
    '$1#L$2-L$3',
  ),
  form(`https?://unpkg\\.com/(?:@[^/\\s]+/)?[^/\\s]+/(\\S+?):(\\d+)`, '$1:$2'),
  form(`"?${FILE}"?,? lines? (\\d+)-(\\d+)`, '$1#L$2-L$3'),
  form(`"?${FILE}"?,? line (\\d+)(?::.*)?`, '$1:$2'),
  form(`(?:line |L)(\\d+) (?:of|in) ${FILE}`, '$2:$1'),
  form(`${FILE}:L?(\\d+)-L?(\\d+)`, '$1#L$2-L$3'),
  form(`${FILE}:L(\\d+)`, '$1:$2'),
  form(`${FILE} \\((\\d+):(\\d+)\\)`, '$1:$2:$3'),
  form(`${FILE}@(\\d+):(\\d+)`, '$1:$2:$3'),
  form(`(?:location: |--> ?)${FILE}:(\\d+)(?::(\\d+))?`, '$1:$2:$3'),
  form(`${FILE}\\|(\\d+) col (\\d+)\\|.*`, '$1:$2:$3'),
  form(`${FILE} \\+(\\d+)`, '$1:$2'),
  form(`(?:[^:]{0,200}\\s)?(?:see|in|at) ${FILE}:(\\d+)(?::(\\d+))?\\.?(?: .*)?`, '$1:$2:$3'),
  // Debuggers and native code
  form(`(?:0x[0-9a-f]+ )?${BINARY}!(0x[0-9a-f]{1,10})`, '$1+$2'),
  form(`"${BINARY}"\\+(\\S+)`, '$1+$2'),
  form(`#\\d+ 0x[0-9a-f]+ +(?:in \\S+ )?\\(${BINARY}\\+${HEX}\\)`, '$1+$2'),
  form(`#\\d+ +(?:0x[0-9a-f]+ in )?(\\S+) \\(.*\\) from ${BINARY}`, '@sym $2 $1 0x0'),
  form(`#\\d+ 0x[0-9a-f]+ in \\S+ ${FILE}:(\\d+):(\\d+)`, '$1:$2:$3'),
  form(`(?:==\\d+==)?\\s*(?:by|at) 0x[0-9a-f]+: \\S+ \\(${FILE}:(\\d+)\\)`, '$1:$2'),
  form(`.*\\bat ${FILE}:(\\d+)(?::(\\d+))?`, '$1:$2:$3'),
  form('(?:\\S+ )?[0-9a-f]{8}`[0-9a-f]{8} (?:[0-9a-f]{8}`[0-9a-f]{8} )?(\\S+!\\S+)', '$1'),
  form(`${BINARY}:(\\.\\w+)\\+${HEX}`, '@sec $1 $2 $3'),
  form(`(\\.\\w+) section offset ${HEX} of ${BINARY}`, '@sec $3 $1 $2'),
  form(
    `(?:\\[ *\\d+\\.\\d+\\] +)?(?:RIP: \\d+:|\\? )?(\\S+\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[\\w+\\])`,
    '$1',
  ),
  form(`function (\\w+) in ${BINARY}`, '@sym $2 $1 0x0'),
  form(`${BINARY}: (\\w+)\\+${HEX}`, '@sym $1 $2 $3'),
  form(`${BINARY} (rva|va) ${HEX}`, '@$2 $1 $3'),
  form(`(rva|va) ${HEX} in ${BINARY}`, '@$1 $3 $2'),
  form(`${BINARY} file offset ${HEX}`, '@off $1 $2'),
  // Records
  form('([A-Za-z_]\\w*:[A-Za-z_]\\w*)', '@rec $1'),
  form('([A-Z][A-Za-z]*_\\w{2,100}) [\\\\/]\\S+', 'rule $1'),
];

/** Lines of system reports that belong together, as labels. */
const LABELS: readonly Rewrite[] = [
  form('rule(?: (?:name|id))?: *(\\S{1,200})', 'Record: $1'),
  form('fault(?:ing)? module (?:name|path):\\s+([^,]+?)(?:,.*)?', 'Module: $1'),
  form('(?:fault|exception) offset:\\s+(?:0x)?([0-9a-f]+)', 'RVA: 0x$1'),
];

/**
 * Longer lines are no place that somebody wrote. The forms look back within a
 * line, so this bounds what a hostile one costs.
 */
const MAX_LINE = 400;

/** The line as the loose reader knows it. */
export function plainLine(raw: string): string {
  if (raw.length > MAX_LINE || raw.includes('pkg:')) return raw;
  const line = unquoted(raw.trim());
  for (const [pattern, to] of [...LABELS, ...REWRITES]) {
    if (pattern.test(line)) return line.replace(pattern, to).replace(/(?:-L|:)$/, '');
  }
  return line;
}

/** Without list marks, quotes of Markdown and brackets around the whole. */
function unquoted(line: string): string {
  const bare = line.replaceAll('`', line.includes('`frame') || /\d`\d/.test(line) ? '`' : '');
  const item = bare.replaceAll('**', '').replace(/^[-*>] (?=\S)/, '');
  return /^[([][^()[\]]*[)\]]$/.test(item) ? item.slice(1, -1) : item;
}
