import { readClaim, type Said } from '@avow/docket';
import { type Locator, LocatorRefused, parseTarget, printLocator } from '@avow/locator';

/** What a pasted text names, as far as it can be told without looking anything up. */
export interface Pasted {
  /** Canonical locators. */
  readonly places: readonly string[];
  /** Names of files, without folders. */
  readonly files: readonly string[];
  /** Host names and addresses. */
  readonly hosts: readonly string[];
  /** Words that may be the whole id of a record: of a signature, a rule, a detection. */
  readonly ids: readonly string[];
  /** `sha256:…`. */
  readonly digests: readonly string[];
  /** Releases by their package URL. */
  readonly targets: readonly string[];
  /** Features of the vocabulary that it speaks of. */
  readonly features: readonly string[];
  /** Pages of claims, cases and advisories that it numbers. */
  readonly paths: readonly { readonly path: string; readonly name: string }[];
}

/** Of each kind so many are looked up: a log file pasted whole is no question. */
const MOST = 4;
const MAX_TEXT = 10_000;

const FILE = /^[^/\\]+\.[A-Za-z][A-Za-z0-9_]{0,9}(?:\.\d{1,4})*$/;
const HOST = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/i;
/** Endings that files have and no domain has, or hardly one. */
const FILE_ENDINGS =
  /\.(?:js|mjs|cjs|jsx|ts|tsx|json|ya?ml|html?|css|map|dll|exe|sys|so|dylib|node|wasm|jar|class|png|svg|txt|md|log|cf|ndb|ldb|hdb|yar|rules)$/;
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** Reads what was typed or pasted into the search box, by what reads claims. */
export function readPasted(typed: string): Pasted {
  const text = typed.slice(0, MAX_TEXT).toWellFormed();
  const { locators, said, modules, words } = readClaim(text);
  const tokens = tokensOf(text);
  const names = [...modules.map(fileOf), ...tokens.map(fileOf).filter((name) => FILE.test(name))];
  return {
    places: locators.map(printLocator).slice(0, MOST),
    files: first(names.filter((name) => name.length > 0 && name.length <= 255)),
    hosts: first(tokens.map(hostOf).filter(isHost)),
    ids: first([...idsOf(text), ...words.filter(isIdLike)]),
    digests: first(text.match(/\bsha256:[0-9a-f]{64}\b/gi)?.map((one) => one.toLowerCase()) ?? []),
    targets: first(tokens.flatMap(targetsOf)),
    features: first(said.flatMap(featuresOf)),
    paths: first(tokens).flatMap(pathsOf),
  };
}

/** The same text within a product of which one file is known: the places that it names there. */
export function placesIn(typed: string, target: string, path: string): readonly Locator[] {
  const text = typed.slice(0, MAX_TEXT).toWellFormed();
  try {
    const known = { target: parseTarget(target), paths: [path] };
    const { locators, modules } = readClaim(text, known);
    if (locators.length > 0) return locators;
    // Debuggers leave the ending out; the file that was found has it.
    const name = fileOf(path);
    const bare = modules.find((one) => name.toLowerCase().startsWith(`${one.toLowerCase()}.`));
    return bare === undefined ? [] : readClaim(text.replaceAll(bare, name), known).locators;
  } catch (error) {
    if (error instanceof LocatorRefused) return [];
    throw error;
  }
}

/** How many of the last parts of a path a text names: of files with one name the one that is meant stands first. */
export function likeness(typed: string, path: string): number {
  const parts = path.toLowerCase().split('/').reverse();
  const counts = tokensOf(typed.slice(0, MAX_TEXT)).map((token) => {
    const others = token
      .toLowerCase()
      .replace(/(?::\d+)+$/, '')
      .split(/[/\\]/)
      .reverse();
    const at = parts.findIndex((part, index) => part !== others[index]);
    return at === -1 ? parts.length : at;
  });
  return Math.max(0, ...counts);
}

function first(all: readonly string[]): string[] {
  return [...new Set(all)].slice(0, MOST);
}

/** Characters of what is pasted that are looked at word by word. */
const MAX_PASTED = 4_096;

function tokensOf(text: string): string[] {
  return text
    .slice(0, MAX_PASTED)
    .split(/[\s"'`<>()[\]{},;=|]+/)
    .map((token) => token.replace(/[.:?!]+$/, ''))
    .filter((token) => token.length > 1)
    .slice(0, 200);
}

/** The last part of a path, without the line, offset or arguments behind it. */
function fileOf(token: string): string {
  const path = token.replace(/[?#].*$/, '').replace(/\+0x[0-9a-f]+$|(?::\d+)+$|!.*$/i, '');
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The host of an address, without its port. */
function hostOf(token: string): string {
  return token
    .replace(/^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?/i, '')
    .replace(/[/?#:].*$/, '')
    .toLowerCase();
}

function isHost(token: string): boolean {
  return ADDRESS.test(token) || (HOST.test(token) && !FILE_ENDINGS.test(token));
}

/** Ids that are written behind a word: `sid:2024001`, `rule 1739310223`, a whole text of one word. */
function idsOf(text: string): string[] {
  const whole = text.trim();
  const labelled = [...text.matchAll(/\b(?:sid|id|rule|signature)[:\s"=]+([\w.-]{3,100})/gi)];
  return [...(/^\S{2,200}$/.test(whole) ? [whole] : []), ...labelled.map((match) => match[1]!)];
}

/** Plain words are in every sentence; ids have capitals, digits or joints within. */
function isIdLike(word: string): boolean {
  return /[A-Z0-9_-]/.test(word.slice(1));
}

/** `npm:@scope/name@1.2.3`, `name@1.2.3` and package URLs. */
function targetsOf(token: string): string[] {
  const purl = /^pkg:[^#]+@[^#@]+/i.exec(token)?.[0];
  if (purl !== undefined) return [purl];
  const named = /^(?:(npm|deb):)?((?:@[\w.-]+\/)?[\w.+-]+)[@=](v?\d[\w.+~-]*)$/.exec(token);
  if (named === null) return [];
  return [`pkg:${named[1] ?? 'npm'}/${named[2]!.replace('@', '%40')}@${named[3]}`];
}

function featuresOf(said: Said): string[] {
  return 'feature' in said ? [said.feature] : [said.source, said.destination];
}

function pathsOf(token: string): { path: string; name: string }[] {
  const docket = /^(claim|case)-([1-9]\d{0,14})$/i.exec(token);
  if (docket !== null) {
    const name = token.toLowerCase();
    return [{ path: `/${docket[1]!.toLowerCase()}s/${name}`, name }];
  }
  const advisory = /^[a-z][a-z0-9-]{0,20}-\d{4}-0*([1-9]\d{0,14})$/i.exec(token);
  if (advisory === null || /^cve-/i.test(token)) return [];
  return [{ path: `/cases/case-${advisory[1]}`, name: token }];
}
