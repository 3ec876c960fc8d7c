import { Refused } from '@avow/bytes';
import { mayBeDatabase } from '@avow/examine';
import type { Member } from '@avow/formats';
import {
  type Candidate,
  type ContainerPath,
  type Locator,
  LocatorRefused,
  normaliseLocator,
  parseTarget,
  printLocator,
  type Question,
  readLoose,
} from '@avow/locator';
import { openProduct, type Product } from '@avow/products';
import { findInRecords } from '@avow/workers';
import { UsageError } from '../errors.ts';
import { memberPathOf } from '../render/place.ts';

/** A locator with the bytes it names. */
export interface Resolved {
  readonly locator: Locator;
  readonly member: Member;
  readonly product: Product;
  /** All members of the product: a record's meaning can hang on its folder. */
  readonly members: readonly Member[];
  /** What the person should know before they rely on it. */
  readonly notes: readonly string[];
}

/**
 * Finds what `text` names: in `spec`, or in the release that the locator
 * itself names. Pasted forms are read too, in a product that is given.
 * Refuses `locate.no-member` and `locate.other-bytes`.
 */
export async function resolveLocator(
  text: string,
  spec: string | undefined,
  signal: AbortSignal,
): Promise<Resolved> {
  const canonical = canonicalOf(text);
  if (canonical === undefined && spec === undefined) {
    throw new UsageError(
      `"${text}" is no locator; it has to be like "pkg:npm/axios@1.7.2#index.js @line:12:3"`,
      'copy one from a result, or name the product as a second argument: pasted stack frames are read then',
    );
  }
  const product = await openProduct(spec ?? registrySpec(canonical!), {
    folder: process.cwd(),
    signal,
  });
  const members = await membersOf(product);
  const { locator, notes } =
    canonical === undefined
      ? ((await pastedRecord(text, product, members)) ?? pasted(text, product, members))
      : { locator: canonical, notes: [] };
  return {
    locator,
    member: memberAt(locator, product, members),
    product,
    members: [...members.values()],
    notes: [...notes, ...differences(locator, product, canonical !== undefined)],
  };
}

function canonicalOf(text: string): Locator | undefined {
  try {
    return normaliseLocator(text);
  } catch (error) {
    if (error instanceof LocatorRefused) return undefined;
    throw error;
  }
}

function registrySpec({ target }: Locator): string {
  if (target.kind === 'purl' && target.purl.type === 'npm') {
    const { namespace, name, version } = target.purl;
    return `npm:${[...namespace, name].join('/')}@${version}`;
  }
  throw new UsageError(
    'only products of npm are fetched by their locator',
    'name the folder or the archive as a second argument',
  );
}

async function membersOf(product: Product): Promise<Map<string, Member>> {
  const members = new Map<string, Member>();
  for await (const member of product.members()) {
    if ('bytes' in member) members.set(member.path, member);
  }
  return members;
}

/** A record that a pasted text names as its maker does: `rule NAME`, `sid:2019401`, a detection name. */
async function pastedRecord(
  text: string,
  product: Product,
  members: ReadonlyMap<string, Member>,
): Promise<{ locator: Locator; notes: readonly string[] } | undefined> {
  const databases = [...members.values()].filter(({ path, bytes }) => mayBeDatabase(path, bytes));
  if (databases.length === 0) return undefined;
  const found = await findInRecords(text, databases, product.target);
  const named = [...new Set(found.filter(({ fit }) => fit === 'id').map(({ locator }) => locator))];
  const [first, ...others] = named;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    throw new UsageError(
      [`"${text}" names several records in this product`, ...named.slice(0, CHOICES_SHOWN)].join(
        '\n',
      ),
      'give one of them',
    );
  }
  return { locator: normaliseLocator(first), notes: [`read as ${first}`] };
}

const CHOICES_SHOWN = 12;

/** What a pasted text means in this product, where it means one thing. */
function pasted(
  text: string,
  product: Product,
  members: ReadonlyMap<string, Member>,
): { locator: Locator; notes: readonly string[] } {
  const target = parseTarget(product.target);
  const { candidates, questions } = readLoose(text, { target, paths: [...members.keys()] });
  const found = candidates
    .map(({ draft }) => draft)
    .filter((draft): draft is Locator => draft.target !== undefined && draft.place !== undefined)
    .map((draft) => ({ ...draft, guards: draft.guards ?? [] }))
    .filter(
      ({ target }) => target.kind !== 'purl' || target.path !== undefined || members.size === 1,
    );
  const others = otherModule(candidates, [...members.keys()]);
  const distinct = [...new Map(found.map((locator) => [printLocator(locator), locator]))];
  if (distinct.length === 1) {
    const [print, locator] = distinct[0]!;
    return { locator, notes: [`read as ${print}`, ...others, ...questions.map(asked)] };
  }
  const which = distinct.length === 0 ? 'names no place' : 'may name several places';
  throw new UsageError(
    [
      `"${text}" ${which} in this product`,
      ...questions.map(asked),
      ...distinct.map(([print]) => print),
    ].join('\n'),
    'give one locator, as results print it',
  );
}

/** That a pasted text names another module than the one file that is given: a renamed copy, or the wrong file. */
function otherModule(candidates: readonly Candidate[], paths: readonly string[]): string[] {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) return [];
  const named = candidates.flatMap(({ module }) => (module === undefined ? [] : [module]));
  const strange = named.filter((module) => moduleName(module) !== moduleName(path));
  return strange.length === 0 || strange.length < named.length
    ? []
    : [`the text names the module ${strange[0]}; this file is ${path}: is it the same?`];
}

/** A module's name as debuggers write it: without folder and suffix, in lower case. */
function moduleName(path: string): string {
  const base = path.replace(/^.*[/\\]/, '').toLowerCase();
  return base
    .replace(/\.(?:so(?:\.[\d.]{1,20})?|dll|exe|sys|node|dylib|wasm)$/, '')
    .replace(/^lib/, '');
}

function asked({ asks, choices }: Question): string {
  return choices.length === 0 ? asks : `${asks} (${choices.join(', ')})`;
}

function memberAt(
  locator: Locator,
  product: Product,
  members: ReadonlyMap<string, Member>,
): Member {
  const path = memberPathOf(locator) ?? (members.size === 1 ? [...members.keys()][0] : undefined);
  if (path === undefined) {
    throw new UsageError(
      'the locator names a product, but no file in it',
      'put the path after "#", as in pkg:npm/axios@1.7.2#index.js',
    );
  }
  const member = members.get(path) ?? nearest(path, members);
  if (member === undefined) {
    throw new Refused(
      'locate.no-member',
      undefined,
      `${product.target} has no readable file ${path}`,
    );
  }
  const guard = locator.guards.find(({ kind }) => kind === 'sha256');
  if (guard?.kind === 'sha256' && `sha256:${guard.sha256}` !== member.digest) {
    throw new Refused(
      'locate.other-bytes',
      undefined,
      `the locator is bound to sha256:${guard.sha256}, and ${path} here is ${member.digest}`,
    );
  }
  return member;
}

/** The file that holds a member of a database: `x.cvd` of `x.cvd!/daily.ndb`. */
function nearest(path: string, members: ReadonlyMap<string, Member>): Member | undefined {
  for (let end = path.lastIndexOf('!/'); end > 0; end = path.lastIndexOf('!/', end - 1)) {
    const member = members.get(path.slice(0, end));
    if (member !== undefined) return member;
  }
  return undefined;
}

/** A locator may be shown in another release; that is said. */
function differences({ target }: Locator, product: Product, isTyped: boolean): string[] {
  if (!isTyped || target.kind !== 'purl') return [];
  const { path: _, ...bare } = target as typeof target & { path?: ContainerPath };
  const named = printLocator({ target: bare, place: { kind: 'all' }, guards: [] }).replace(
    ' @all',
    '',
  );
  return named === product.target ? [] : [`the locator names ${named}; this is ${product.target}`];
}
