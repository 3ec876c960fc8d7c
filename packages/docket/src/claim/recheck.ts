import type { Feature, Flow } from '@avow/examine';
import { type Locator, parseLocator } from '@avow/locator';
import type { Outcome } from '@avow/log';
import { coverage } from './covers.ts';
import { isSaid, isSaidFlow, printSaid, type Said } from './said.ts';
import { memberOf, type Stored } from './stored.ts';

/** What came of looking at one place. */
export interface Recheck {
  readonly outcome: 'reproduced' | 'differs' | 'inconclusive';
  /** Ids of the features and flows that bear it out. */
  readonly matched: readonly string[];
  /** What is at that place instead. */
  readonly instead: readonly string[];
  /** Where in the product the same is found. */
  readonly elsewhere: readonly string[];
  /** Why it could not be told, and what would settle it. */
  readonly unsettled: readonly string[];
  /** In the terms of the declaration in force. */
  readonly verdict: Outcome;
  /** What leaves, and to whom; the record and the code, where it takes both. */
  readonly leaves: readonly string[];
  /** What decides it from outside: a result that depends on one is never clean. */
  readonly gates: readonly string[];
  /** Why nothing of the product comes to it, where that is so of all that was matched. */
  readonly unreached: readonly string[];
  /** Of two contents of one number: what differs. */
  readonly differences?: readonly string[];
}

/** What would settle it. */
const SETTLES = {
  place: 'the same place by a file offset or an address would be looked up',
  module: 'a run with higher limits, or the file as it was before it was packed, would settle it',
  kind: 'evidence of what it does when it runs, or a reader of that kind of file, would settle it',
} as const;

/** A method that every assembly has, if it holds CIL at all. */
const CIL = { kind: 'il', token: 0x06000001 } as const;

/** Powers by which any file of the product can come to run. */
const LOADS: ReadonlySet<string> = new Set(['code.load', 'code.eval']);

/** Places listed of each kind. */
const MAX_LISTED = 8;

/** Looks whether what is said to be at a place is there, by the examination alone. */
export function recheckClaim(
  locator: Locator,
  said: Said,
  stored: Stored,
  isPlaceKnown = true,
): Recheck {
  const { features, flows } = stored.examination;
  const covers = coverage(locator, stored);
  const here = features.filter((one) => covers(one.locator));
  const flowsHere = flows.filter(({ hops }) => hops.some((hop) => covers(hop.locator)));
  const matched = here.filter((one) => isSaid(said, one));
  const matchedFlows = flowsHere.filter((one) => isSaidFlow(said, one));
  const isFound = matched.length + matchedFlows.length > 0;
  const unsettled = isFound ? [] : unsettledOf(locator, stored, isPlaceKnown);
  const ids = [...matched, ...matchedFlows].map(({ id }) => id);
  const outcome = isFound ? 'reproduced' : unsettled.length > 0 ? 'inconclusive' : 'differs';
  const unreached = unreachedOf(matched, matchedFlows, stored);
  const related = isFound ? flowsWith(matched, matchedFlows, flowsHere) : [];
  return {
    outcome,
    matched: ids,
    instead: isFound
      ? []
      : [...here.map(sayFeature), ...flowsHere.map(sayFlow)].slice(0, MAX_LISTED),
    elsewhere: isFound ? [] : elsewhereOf(said, stored),
    unsettled,
    verdict: unreached.length > 0 ? 'unreachable' : verdictOf(outcome, ids, stored),
    leaves: [...matched.map(sayFeature), ...related.map(sayFlow)].slice(0, MAX_LISTED),
    gates: [...new Set(related.flatMap(({ gate }) => (gate === undefined ? [] : [gate])))],
    unreached,
  };
}

/** Reasons why nothing comes to any of the matches; none where one of them may be reached, or where that cannot be told. */
function unreachedOf(
  matched: readonly Feature[],
  flows: readonly Flow[],
  stored: Stored,
): readonly string[] {
  const reasons: string[] = [];
  for (const text of [
    ...matched.map(({ locator }) => locator),
    ...flows.map(({ hops }) => hops.at(-1)!.locator),
  ]) {
    const locator = parseLocator(text);
    const path = memberOf(locator);
    const feature = matched.find((one) => one.locator === text);
    const runs = feature?.when === 'install' || feature?.record !== undefined;
    if (path === undefined || runs || isOpen(path, locator.place.kind, stored)) return [];
    const why = stored.unreached?.(path, locator.place);
    if (why === undefined) return [];
    reasons.push(why);
  }
  return [...new Set(reasons)].slice(0, MAX_LISTED);
}

/**
 * Whether something may come to it that is not read. Scripts: code that is
 * loaded by a name made at run time can be any file of the product. A module
 * of machine code or WebAssembly lets others in by its exports alone, so only
 * what was not read of itself counts.
 */
function isOpen(path: string, kind: string, { examination }: Stored): boolean {
  const { features, unknowns } = examination;
  if (kind === 'line') {
    return unknowns.length > 0 || features.some(({ feature }) => LOADS.has(feature));
  }
  return unknowns.some(
    ({ locator, feature }) => OPAQUE.test(feature) && memberOf(parseLocator(locator)) === path,
  );
}

/** Code that was not read, or is not what it will be when it runs. */
const OPAQUE = /^opaque\./;

function flowsWith(
  matched: readonly Feature[],
  matchedFlows: readonly Flow[],
  here: readonly Flow[],
): readonly Flow[] {
  const places = new Set(matched.map(({ locator }) => locator));
  return here.filter(
    (flow) => matchedFlows.includes(flow) || flow.hops.some((hop) => places.has(hop.locator)),
  );
}

/** The most that the finding or the declaration says of what was matched. */
function verdictOf(
  outcome: Recheck['outcome'],
  ids: readonly string[],
  { examination }: Stored,
): Outcome {
  if (outcome === 'inconclusive') return 'unknown';
  if (outcome === 'differs') return 'absent';
  const findings = examination.findings.filter((one) => ids.includes(one.of));
  if (findings.some(({ kind }) => kind === 'contradicts')) return 'contradicts';
  if (findings.length > 0) return 'undeclared';
  const { declaration } = examination;
  if (declaration === undefined || declaration.state !== 'held') return 'undeclared';
  const states = (declaration.states ?? []).filter((one) => ids.includes(one.of));
  return states.some(({ state }) => state === 'declared') ? 'declared' : 'undeclared';
}

/** What keeps "not found here" from being said: the module, the record or the product was not wholly read. */
function unsettledOf(locator: Locator, stored: Stored, isPlaceKnown: boolean): string[] {
  const { examination } = stored;
  const path = memberOf(locator);
  const of = (text: string): boolean => memberOf(parseLocator(text)) === path;
  const module = examination.modules.find((one) => one.path === path);
  const unsettled: string[] = [];
  if (!isPlaceKnown) {
    unsettled.push(`no reader can tell whether the file has that place; ${SETTLES.place}`);
  }
  if (module !== undefined && module.state !== 'read') {
    const why = module.why?.message ?? 'not analysed';
    unsettled.push(`${module.path} was ${module.state}: ${why}; ${SETTLES.module}`);
  }
  if (path !== undefined && stored.find?.(path, CIL) !== undefined) {
    unsettled.push(`${path} holds CIL, of which only the places are read; ${SETTLES.kind}`);
  }
  for (const { locator: where, why, feature } of examination.unknowns) {
    if (unsettled.length >= MAX_LISTED) break;
    if (of(where))
      unsettled.push(
        `${feature} at ${where}: ${why.message} (docs/codes/${why.code}.md says what to do)`,
      );
  }
  const isModule =
    module !== undefined || examination.databases.some((one) => isUnder(path, one.path));
  if (!isModule && unsettled.length === 0)
    unsettled.push(`${path} was not read as code or as a database; ${SETTLES.kind}`);
  return unsettled;
}

function isUnder(path: string | undefined, database: string): boolean {
  return (
    path === undefined ||
    database === '' ||
    path === database ||
    path.startsWith(`${database}/`) ||
    database.startsWith(`${path}!/`) ||
    database.startsWith(path)
  );
}

function elsewhereOf(said: Said, { examination }: Stored): string[] {
  const features = examination.features.filter((one) => isSaid(said, one)).map(sayFeature);
  const flows = examination.flows.filter((one) => isSaidFlow(said, one)).map(sayFlow);
  return [...flows, ...features].slice(0, MAX_LISTED);
}

/** With a record, the code that carries it out: both halves are named. */
function sayFeature({ feature, locator, recipient, record }: Feature): string {
  const to = recipient === undefined ? '' : ` to ${recipient}`;
  const places = record?.consumer?.places ?? [];
  const by = places.length === 0 ? '' : `, carried out at ${places.join(', ')}`;
  return `${feature}${to} at ${locator}${by}`;
}

function sayFlow({ source, destination, recipient, gate, hops }: Flow): string {
  const to = recipient === undefined ? '' : ` to ${recipient}`;
  const when = gate === undefined ? '' : ` when ${gate}`;
  const places = hops.map(({ locator }) => locator);
  return `${printSaid({ source, destination })}${to}${when} by ${[...new Set(places)].join(' → ')}`;
}
