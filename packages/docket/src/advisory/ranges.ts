import { compareVersions } from '@avow/declare';
import { parseTarget } from '@avow/locator';
import type { Recheck } from '../claim/recheck.ts';
import { isSaid, isSaidFlow, type Said } from '../claim/said.ts';
import type { Stored } from '../claim/stored.ts';
import type { Affected } from './advisory.ts';

/** One release or update, and whether the same was found in it. */
export interface Seen {
  readonly version: string;
  /** Undefined where the release was not wholly read and nothing was found. */
  readonly isThere: boolean | undefined;
}

/** What a verdict found, as other releases are asked for it. */
export interface Sought {
  readonly said: Said;
  readonly matched: Recheck['matched'];
  /** Recipients of what was matched: a function may be renamed, where data goes stays. */
  readonly recipients: ReadonlySet<string>;
}

export function soughtOf(said: Said, { matched }: Recheck, { examination }: Stored): Sought {
  const all = [...examination.features, ...examination.flows].filter(({ id }) =>
    matched.includes(id),
  );
  const recipients = new Set(all.flatMap(({ recipient }) => recipient ?? []));
  return { said, matched, recipients };
}

/**
 * Whether a release has what was found in another: the same feature or flow by
 * its id, or one of the same kind to the same recipient.
 */
export function seenIn({ said, matched, recipients }: Sought, { examination }: Stored): Seen {
  const { features, flows, product, answer } = examination;
  const isSame = ({ id }: { readonly id: string }): boolean => matched.includes(id);
  const goesTo = ({ recipient }: { readonly recipient?: string }): boolean =>
    recipient !== undefined && recipients.has(recipient);
  const isThere =
    features.some((one) => isSame(one) || (isSaid(said, one) && goesTo(one))) ||
    flows.some((one) => isSame(one) || (isSaidFlow(said, one) && goesTo(one)));
  const version = versionOf(product.target);
  return { version, isThere: isThere ? true : answer === 'incomplete' ? undefined : false };
}

function versionOf(target: string): string {
  const parsed = parseTarget(target);
  return (parsed.kind === 'purl' ? parsed.purl.version : undefined) ?? target;
}

/**
 * Releases or updates with the same, in the order of their versions: each
 * range from the first that has it to the first after it that does not. What
 * could not be read whole ends no range and is listed on its own.
 */
export function affectedBy(own: string, all: readonly Seen[]): Affected {
  const seen = new Map(all.map((one) => [one.version, one]));
  seen.set(own, { version: own, isThere: true });
  const sorted = [...seen.values()].sort((one, other) =>
    compareVersions(one.version, other.version),
  );
  const ranges: { introduced: string; fixed?: string }[] = [];
  for (const { version, isThere } of sorted) {
    const last = ranges.at(-1);
    const isOpen = last !== undefined && last.fixed === undefined;
    if (isThere === true && !isOpen) ranges.push({ introduced: version });
    if (isThere === false && isOpen) last.fixed = version;
  }
  const of = (wanted: boolean | undefined): readonly string[] =>
    sorted
      .filter(({ version, isThere }) => isThere === wanted && version !== own)
      .map(({ version }) => version);
  const fixedIn = ranges.at(-1)?.fixed;
  return {
    also: of(true),
    ...(fixedIn === undefined ? {} : { fixedIn }),
    ranges,
    free: of(false),
    unknown: of(undefined),
  };
}
