import { type Known, type Locator, parseTarget, printLocator } from '@avow/locator';
import type { Intake } from './intake.ts';
import { nearestNames } from './nearest.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { type Recheck, recheckClaim } from './recheck.ts';
import { type Lack, resolveClaim } from './resolve.ts';
import type { Said } from './said.ts';
import { type Stored, targetOf } from './stored.ts';

/** A claim that names one place, with what was found there. */
export interface Resolved {
  readonly state: 'resolved';
  readonly locator: Locator;
  readonly said: Said;
  readonly receipt: Receipt;
  readonly recheck: Recheck;
}

/** The answer to what was read of a claim: everything that it lacks, or the re-check. */
export function answerClaim(
  intake: Intake,
  all: readonly Stored[],
): Resolved | { state: 'lacking'; lacks: readonly Lack[] } {
  const [locator, ...others] = intake.locators;
  const [said] = intake.said;
  const lacks: Lack[] = intake.lacks.map((reason) => ({
    reason,
    says: intake.questions.map(({ asks }) => asks).join(' '),
    candidates: reason === 'ambiguous' ? intake.locators.map(printLocator).slice(0, 20) : [],
  }));
  if (locator === undefined) {
    return { state: 'lacking', lacks: [...lacks, ...modulesUnknown(intake, all)] };
  }
  if (others.length > 0) return { state: 'lacking', lacks };
  const resolution = resolveClaim(locator, all);
  if (resolution.state === 'lacking') {
    return { state: 'lacking', lacks: [...lacks, ...resolution.lacks] };
  }
  if (lacks.length > 0 || said === undefined) return { state: 'lacking', lacks };
  const { stored, module, isPlaceKnown } = resolution;
  const recheck = recheckClaim(locator, said, stored, isPlaceKnown);
  const receipt = receiptOf(locator, said, module, stored.examination, recheck);
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

/** Files named that the product does not have: the nearest that it has. */
function modulesUnknown(intake: Intake, all: readonly Stored[]): Lack[] {
  const paths = all.flatMap(({ files }) => files.map(({ path }) => path));
  return intake.modules
    .map((module) => ({ module, near: nearestNames(module, paths) }))
    .filter(({ near, module }) => !paths.includes(module) && near.length > 0)
    .slice(0, 5)
    .map(({ module, near }) => ({
      reason: 'no-such-module' as const,
      says: `no stored product has a file ${module}`,
      candidates: near,
    }));
}
