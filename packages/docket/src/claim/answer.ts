import { type Known, type Locator, parseTarget } from '@avow/locator';
import { type Intake, readClaim } from './intake.ts';
import type { Lack } from './lack.ts';
import { lackOf, modulesUnknown, type Nearby, withFeatures, withNames, withSaid } from './meant.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { type Recheck, recheckClaim } from './recheck.ts';
import { resolveClaim } from './resolve.ts';
import type { Said } from './said.ts';
import { type Stored, targetOf } from './stored.ts';
import { viewsOf } from './views.ts';

/** A claim that names one place, with what was found there. */
export interface Resolved {
  readonly state: 'resolved';
  readonly locator: Locator;
  readonly said: Said;
  readonly receipt: Receipt;
  readonly recheck: Recheck;
}

/** Reads a text as a claim on these products. */
export function intakeOf(text: string, all: readonly Stored[]): Intake {
  // Contents of one release have one name, and may have two sets of files.
  const only = new Set(all.map(targetOf)).size === 1 ? all[0] : undefined;
  const records = all.flatMap((stored) => stored.records ?? []);
  return readClaim(text, only === undefined ? {} : knownOf(only, all), records);
}

/** The answer to what was read of a claim: everything that it lacks, or the re-check. */
export function answerClaim(
  intake: Intake,
  all: readonly Stored[],
  nearby: Nearby = {},
): Resolved | { state: 'lacking'; lacks: readonly Lack[] } {
  const [locator, ...more] = intake.locators;
  const [said] = intake.said;
  const only = all.length === 1 ? all[0] : undefined;
  const others = nearby.releases ?? [];
  const lacks = intake.lacks.map((reason) => lackOf(reason, intake, all, nearby));
  if (locator === undefined) {
    return { state: 'lacking', lacks: [...lacks, ...modulesUnknown(intake, all)] };
  }
  if (more.length > 0) return { state: 'lacking', lacks };
  const resolution = resolveClaim(locator, all, others);
  if (resolution.state === 'lacking') {
    const named = resolution.lacks.map((one) =>
      withSaid(withNames(one, locator, nearby), locator, said, all),
    );
    return { state: 'lacking', lacks: [...lacks, ...named] };
  }
  if (lacks.length > 0 || said === undefined) {
    return { state: 'lacking', lacks: lacks.map((one) => withFeatures(one, locator, only)) };
  }
  const { stored, module, isPlaceKnown } = resolution;
  const recheck = recheckClaim(locator, said, stored, isPlaceKnown);
  const receipt = receiptOf(
    locator,
    said,
    module,
    stored.examination,
    recheck,
    viewsOf(locator, stored),
  );
  return { state: 'resolved', locator, said, receipt, recheck };
}

/** What is known of the one product that was given with a claim. */
export function knownOf(stored: Stored, all: readonly Stored[] = [stored]): Known {
  return {
    target: productTarget(stored),
    paths: stored.files.map(({ path }) => path),
    digests: all.map(({ examination: { product } }) => ({
      target: product.target,
      digest: product.digest,
    })),
  };
}

function productTarget(stored: Stored): NonNullable<Known['target']> {
  return parseTarget(targetOf(stored));
}
