import { VOCABULARY } from '@avow/declare';
import type { Examination, Feature, Finding, Rank, Unknown } from '@avow/examine';
import { type Locator, type Place, parseLocator } from '@avow/locator';
import type { Location, PhysicalLocation, Region, Result } from 'sarif';
import { memberPathOf } from '../place.ts';
import { shown } from '../shown.ts';
import type { Artifacts } from './artifacts.ts';
import type { Rules } from './rules.ts';

/** The name of our fingerprint; the number changes when ids are made in another way. */
const FINGERPRINT = 'avowFeatureId/v1';
/** The only one that GitHub's code scanning looks at. Without it, a line that moves is a new alert. */
const GITHUB_FINGERPRINT = 'primaryLocationLineHash';

/** GitHub's code scanning refuses a run with more, and shows the gravest 5,000. */
const MAX_RESULTS = 25_000;

const LEVELS: Readonly<Record<Rank, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

export function resultsOf(examination: Examination, rules: Rules, artifacts: Artifacts): Result[] {
  const findings = new Map(
    examination.findings.flatMap((finding) =>
      [finding.of, ...(finding.also ?? [])].map((id) => [id, finding] as const),
    ),
  );
  return [
    ...examination.features.map((feature) =>
      featureResult(feature, findings.get(feature.id), rules, artifacts),
    ),
    ...examination.unknowns.map((unknown) => unknownResult(unknown, rules, artifacts)),
  ];
}

/** No more than services take: of more, the gravest, each where it stood. */
export function gravest(results: readonly Result[]): Result[] {
  if (results.length <= MAX_RESULTS) return [...results];
  const order: readonly unknown[] = ['error', 'warning', 'note', 'none'];
  const kept = results
    .map((result, index) => ({ index, rank: order.indexOf(result.level) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, MAX_RESULTS)
    .map(({ index }) => index);
  return kept.sort((a, b) => a - b).map((index) => results[index]!);
}

/** A finding fails at its rank; what is found and not a finding is for information. */
function featureResult(
  feature: Feature,
  finding: Finding | undefined,
  rules: Rules,
  artifacts: Artifacts,
): Result {
  const to = feature.recipient === undefined ? '' : ` (${shown(feature.recipient)})`;
  return {
    ruleId: feature.feature,
    ruleIndex: rules.indexOf(feature.feature),
    ...(finding === undefined
      ? { kind: 'informational', level: 'none' }
      : { kind: 'fail', level: LEVELS[finding.rank] }),
    message: {
      text: `The product ${VOCABULARY[feature.feature].says}${to}: ${shown(feature.evidence)}`,
    },
    locations: [locationOf(feature.locator, artifacts)],
    partialFingerprints: { [FINGERPRINT]: feature.id, [GITHUB_FINGERPRINT]: feature.id },
    properties: {
      locator: feature.locator,
      when: feature.when,
      rule: feature.rule,
      ...(feature.recipient === undefined ? {} : { recipient: feature.recipient }),
      ...(finding === undefined ? {} : { finding: finding.id, rank: finding.rank }),
    },
  };
}

/** SARIF's `open`: the rule was looked at and no answer was found. */
function unknownResult(unknown: Unknown, rules: Rules, artifacts: Artifacts): Result {
  return {
    ruleId: unknown.feature,
    ruleIndex: rules.indexOf(unknown.feature),
    kind: 'open',
    level: 'none',
    message: { text: `Not decided (${unknown.why.code}): ${shown(unknown.why.message)}` },
    locations: [locationOf(unknown.locator, artifacts)],
    properties: { locator: unknown.locator, why: unknown.why },
  };
}

export function locationOf(text: string, artifacts: Artifacts): Location {
  const locator = parseLocator(text);
  const path = memberPathOf(locator);
  return {
    ...(path === undefined
      ? {}
      : { physicalLocation: physicalLocationOf(path, locator, artifacts) }),
    logicalLocations: [{ fullyQualifiedName: text }],
  };
}

function physicalLocationOf(
  path: string,
  locator: Locator,
  artifacts: Artifacts,
): PhysicalLocation {
  const artifactLocation = artifacts.locationOf(path);
  const region = regionOf(locator.place);
  const address = addressOf(locator.place);
  return {
    artifactLocation,
    ...(region === undefined ? {} : { region }),
    ...(address === undefined ? {} : { address }),
  };
}

function regionOf(place: Place): Region | undefined {
  if (place.kind === 'line') {
    const { start, end } = place;
    return {
      startLine: start.line,
      ...(start.column === undefined ? {} : { startColumn: start.column }),
      ...(end === undefined ? {} : { endLine: end.line }),
      ...(end?.column === undefined ? {} : { endColumn: end.column }),
    };
  }
  if (place.kind === 'off' && isNumber(place.address)) {
    return {
      byteOffset: Number(place.address),
      ...(place.length === undefined ? {} : { byteLength: place.length }),
    };
  }
  return undefined;
}

/** Absolute addresses only: a relative one needs a parent in the run's addresses. */
function addressOf(place: Place): PhysicalLocation['address'] {
  if (place.kind === 'va' && isNumber(place.address)) {
    return {
      absoluteAddress: Number(place.address),
      ...(place.length === undefined ? {} : { length: place.length }),
    };
  }
  return undefined;
}

/** SARIF's addresses and offsets are JSON numbers: beyond 2^53 they stay in the locator alone. */
function isNumber(address: bigint): boolean {
  return address <= BigInt(Number.MAX_SAFE_INTEGER);
}
