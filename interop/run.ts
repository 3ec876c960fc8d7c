/**
 * Outside programs against our log, witness and proofs. Needs Go; what cannot
 * be run is said, and why. `npm run interop [NAME…]` runs those named.
 *
 * `npm run interop:fetch` brings outside vectors into Go's module cache.
 */
import { fsckAndHammer, proofInGo } from './log.ts';
import { fetchVectors, hasGo, ToolMissing } from './tools.ts';
import { litewitness, litewitnessIsMissing, loadtest, omniwitness } from './witnesses.ts';

interface Trial {
  readonly name: string;
  readonly says: string;
  run(): Promise<string>;
  isMissing?(): string | undefined;
}

const TRIALS: readonly Trial[] = [
  { name: 'log', says: "tessera's fsck accepts our log, its hammer runs", run: fsckAndHammer },
  { name: 'proof', says: 'Go verifies our .tlog-proof', run: proofInGo },
  { name: 'omniwitness', says: 'omniwitness cosigns our log', run: omniwitness },
  {
    name: 'litewitness',
    says: 'litewitness cosigns our log',
    run: litewitness,
    isMissing: litewitnessIsMissing,
  },
  { name: 'loadtest', says: 'the witness load test passes against avow witness', run: loadtest },
];

if (!hasGo()) {
  console.log('interop: skipped, there is no Go here (1.26 or newer is needed)');
} else if (process.argv[2] === 'fetch') {
  fetchVectors();
} else {
  const wanted = process.argv.slice(2);
  for (const trial of TRIALS) {
    if (wanted.length === 0 || wanted.includes(trial.name)) await attempt(trial);
  }
}

async function attempt({ says, run, isMissing }: Trial): Promise<void> {
  const missing = isMissing?.();
  if (missing !== undefined) {
    console.log(`skipped  ${says}: ${missing}`);
    return;
  }
  try {
    console.log(`ok       ${says}: ${await run()}`);
  } catch (error) {
    if (error instanceof ToolMissing) {
      console.log(`skipped  ${says}: ${error.message}`);
      return;
    }
    process.exitCode = 1;
    console.log(`FAILED   ${says}: ${error instanceof Error ? error.message : error}`);
  }
}
