import type { Target } from '../locator.ts';
import { type LocatorDraft, missingFrom } from '../missing.ts';
import { normaliseLocator } from '../parse.ts';
import { LocatorRefused } from '../refused.ts';
import { pathOf, printTarget } from '../target.ts';
import { readBareAddress } from './address.ts';
import { readFrame } from './frames.ts';
import { type Labelled, readLabel, readLabelled, versionQuestions } from './labels.ts';
import { readNative } from './native.ts';
import {
  type Candidate,
  type Found,
  type Known,
  type LooseReading,
  type Question,
  question,
} from './reading.ts';
import { readRecord } from './records.ts';

/** A stack trace or a report fits; a whole log is asked about instead. */
const MAX_TEXT = 65_536;
const MAX_LINES = 500;
/** Longer lines name no place that a person pasted. */
const MAX_LINE = 2_048;
/** Files offered as a choice. */
const MAX_CHOICES = 20;

/**
 * Reads what people paste: addresses, frames, crash reports, labelled lines,
 * signature ids. Gives every meaning it may have, and what to ask; it never
 * chooses between them. Linear in the text, which is cut at 65,536 characters.
 */
export function readLoose(text: string, known: Known = {}): LooseReading {
  const candidates: Candidate[] = [];
  const questions = new Map<string, Question>();
  const lines = text.slice(0, MAX_TEXT).split('\n', MAX_LINES + 1);
  if (text.length > MAX_TEXT || lines.length > MAX_LINES) {
    questions.set('too-long', question('too-long'));
  }
  let labels: Labelled | undefined;
  const add = (found: Found, line: string): void => {
    const { candidate, asks } = complete(found, line, known);
    candidates.push(candidate);
    for (const ask of asks) questions.set(ask.code, merge(questions.get(ask.code), ask));
  };
  for (const raw of lines.slice(0, MAX_LINES)) {
    const line = raw.trim();
    if (line === '' || line.length > MAX_LINE) continue;
    const label = readLabel(line);
    if (label !== undefined) labels = { ...labels, ...label };
    else for (const found of readLine(line, known) ?? []) add(found, line);
  }
  if (labels !== undefined) for (const found of readLabelled(labels, known)) add(found, text);
  return { candidates, questions: [...questions.values()] };
}

function readLine(line: string, known: Known): readonly Found[] | undefined {
  return (
    readCanonical(line) ??
    readBareAddress(line, known.base) ??
    readRecord(line) ??
    readFrame(line) ??
    readNative(line, known)
  );
}

function readCanonical(line: string): readonly Found[] | undefined {
  try {
    return [{ form: 'locator', ...normaliseLocator(line) }];
  } catch (error) {
    if (error instanceof LocatorRefused) return undefined;
    throw error;
  }
}

/** Puts the module where the product has it, and asks what the place leaves open. */
function complete(
  found: Found,
  text: string,
  known: Known,
): { candidate: Candidate; asks: readonly Question[] } {
  const files = found.module === undefined ? [] : filesNamed(found.module, known.paths ?? []);
  const product = found.target ?? known.target;
  const target = files.length === 1 ? within(product, files[0]!) : product;
  const draft: LocatorDraft = {
    ...(target === undefined ? {} : { target }),
    ...(found.place === undefined ? {} : { place: found.place }),
    ...(found.guards === undefined ? {} : { guards: found.guards }),
  };
  const candidate: Candidate = {
    form: found.form,
    text,
    ...(found.module === undefined ? {} : { module: found.module }),
    draft,
    missing: missingFrom(draft),
  };
  return { candidate, asks: [...(found.questions ?? []), ...asksOf(found, files, product, known)] };
}

function asksOf(
  found: Found,
  files: readonly string[],
  product: Target | undefined,
  known: Known,
): Question[] {
  const asks: Question[] = [];
  const module = files.length === 1 ? files[0]! : found.module;
  if (module !== undefined && files.length !== 1) {
    asks.push(question('which-file', files.slice(0, MAX_CHOICES)));
    if (isWindowsName(module)) asks.push(question('windows-name', files.slice(0, MAX_CHOICES)));
  }
  const isCode = found.place?.kind === 'rva' || found.place?.kind === 'va';
  if (isCode && module !== undefined && isMachO(module) && !/!\/[^/]+$/.test(module)) {
    asks.push(question('slice'));
  }
  if (found.place?.kind === 'sec' && /^(?:\.t?bss|\.sbss|UPX\d|__bss)$/.test(found.place.name)) {
    asks.push(question('not-in-file', ['read from the file', 'read from memory']));
  }
  if (isOddArm(found, known))
    asks.push(question('thumb-bit', ['Thumb bit', 'part of the address']));
  if (product?.kind === 'purl') asks.push(...versionQuestions(product.purl.version ?? ''));
  asks.push(...alarms(product, known));
  return asks;
}

/** Case-folded comparison of the last segments; a full path settles itself. */
function filesNamed(module: string, paths: readonly string[]): readonly string[] {
  const wanted = module.replaceAll('\\', '/').replace(/^(?:file|[a-z-]+):\/\/[^/]*\//, '');
  if (paths.includes(wanted)) return [wanted];
  const tail = `/${wanted.toLowerCase().replace(/^(?:[a-z]:)?\.{0,2}\//, '')}`;
  return paths.filter((path) => {
    const whole = `/${path.toLowerCase()}`;
    return whole.endsWith(tail) || tail.endsWith(whole);
  });
}

function within(product: Target | undefined, file: string): Target | undefined {
  return product?.kind === 'purl' ? { ...product, path: pathOf(file) } : product;
}

function isWindowsName(module: string): boolean {
  return module.includes('\\') || /~\d/.test(module) || /\.(?:exe|dll|sys)$/i.test(module);
}

function isMachO(module: string): boolean {
  return /\.(?:dylib|framework|app|bundle|kext)(?:\/|$)/.test(module);
}

function isOddArm({ place }: Found, known: Known): boolean {
  if (place === undefined || !('address' in place) || place.kind === 'off') return false;
  return (
    (place.address & 1n) === 1n &&
    /^(?:arm|armhf|armel|armv7.*|thumb)$/i.test(known.architecture ?? '')
  );
}

/** One release with two contents is not a choice but an alarm. */
function alarms(product: Target | undefined, known: Known): Question[] {
  if (product?.kind !== 'purl') return [];
  const text = printTarget({ kind: 'purl', purl: product.purl });
  const digests = (known.digests ?? []).filter(({ target }) => target === text);
  const distinct = [...new Set(digests.map(({ digest }) => digest))];
  return distinct.length > 1 ? [question('two-digests', distinct)] : [];
}

function merge(before: Question | undefined, next: Question): Question {
  if (before === undefined) return next;
  return { ...next, choices: [...new Set([...before.choices, ...next.choices])] };
}
