import { digestOf } from '@avow/bytes';
import { canonicalBytes, type JsonObject } from '@avow/log';
import { TWO_CONTENTS } from '../case/alarm.ts';
import { type Receipt, resultDigest } from './receipt.ts';
import type { Stored } from './stored.ts';

/** Differences listed of each kind. */
const MAX_LISTED = 8;

/**
 * Holds two contents of one number against each other: whether they are two,
 * which files differ, and what one of them does that the other does not. The
 * order in which they are given does not count.
 */
export function recheckContents(one: Stored, other: Stored): Receipt {
  const [first, second] = [one, other].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [
    Stored,
    Stored,
  ];
  const { product, engine, rules } = first.examination;
  const isTwo = digest(first) !== digest(second);
  const results = [resultDigest(first.examination), resultDigest(second.examination)];
  return {
    schema: 'avow.receipt/1',
    locator: `${product.target} @all`,
    said: TWO_CONTENTS,
    product: { target: product.target, digest: product.digest },
    module: { path: '', digest: second.examination.product.digest },
    engine,
    rules,
    result: digestOf(canonicalBytes({ results } as JsonObject)),
    recheck: {
      outcome: isTwo ? 'reproduced' : 'differs',
      matched: isTwo ? [digest(first), digest(second)] : [],
      instead: isTwo ? [] : ['both are one content'],
      elsewhere: [],
      unsettled: [],
      // A number promises one content to everyone who asks for it.
      verdict: isTwo ? 'contradicts' : 'absent',
      leaves: [],
      gates: [],
      unreached: [],
      differences: [...filesThatDiffer(first, second), ...featuresOfOne(first, second)],
    },
  };
}

function digest({ examination }: Stored): string {
  return examination.product.digest;
}

function filesThatDiffer(one: Stored, other: Stored): readonly string[] {
  const here = new Map(one.files.map(({ path, digest: own }) => [path, own]));
  const there = new Map(other.files.map(({ path, digest: own }) => [path, own]));
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((path) => here.get(path) !== there.get(path))
    .sort()
    .slice(0, MAX_LISTED)
    .map(
      (path) =>
        `${path}: ${here.get(path) ?? 'not there'} in one, ${there.get(path) ?? 'not there'} in the other`,
    );
}

function featuresOfOne(one: Stored, other: Stored): readonly string[] {
  const only = (a: Stored, b: Stored): readonly string[] => {
    const known = new Set(b.examination.features.map(({ id }) => id));
    return a.examination.features
      .filter(({ id }) => !known.has(id))
      .slice(0, MAX_LISTED)
      .map(({ feature, locator }) => `only in ${digest(a)}: ${feature} at ${locator}`);
  };
  return [...only(one, other), ...only(other, one)];
}
