import { type Case, type Docket, recheckAgain, type Stored } from '@avow/docket';
import type { DeclarationText } from '@avow/examine';
import type { DocketFolder } from '@avow/stores/docket';
import { declarationIn } from '../../declaration.ts';
import { UsageError } from '../../errors.ts';
import { type Examiner, withExaminer } from '../../examiner.ts';
import { EXIT, type ExitStatus } from '../../exit.ts';
import { Progress } from '../../progress.ts';
import { Artifacts } from '../claim/artifacts.ts';
import { actorOf, CLOCK, type DocketOptions, type Now, tell, withDocket } from '../claim/open.ts';
import { storedOf, storedProduct } from '../claim/stored.ts';

export interface RunOptions extends DocketOptions {
  readonly declaration?: string;
  readonly cache: boolean;
}

/** One runner's re-check; the second with equal digests concludes. */
export async function runCommand(
  id: string,
  products: readonly string[],
  options: RunOptions,
  signal: AbortSignal,
  now: Now = CLOCK,
): Promise<ExitStatus> {
  return withDocket(options, now, async (docket, opened) => {
    const found = await docket.case(id);
    const actor = actorOf(options.as);
    const declaration =
      options.declaration === undefined
        ? await inForce(found, docket)
        : declarationIn(options.declaration);
    const progress = new Progress(process.stderr, true);
    const all = await withExaminer({ cache: options.cache }, progress, signal, (examiner) =>
      products.length > 0
        ? examined(products, examiner, declaration)
        : kept(found, opened, examiner, declaration),
    );
    const receipt = recheckAgain(found.locator, found.said, all);
    const after = await docket.run(id, actor, receipt);
    const lines = [
      `${receipt.recheck.outcome}, result ${receipt.result}`,
      `${id} is ${after.state}${/reproduced$/.test(after.state) ? '' : UNCONCLUDED}`,
    ];
    tell({ receipt, case: after }, lines, options.json);
    return EXIT.ok;
  });
}

const UNCONCLUDED = ': it takes two equal runs, by two runners';

async function examined(
  specs: readonly string[],
  examiner: Examiner,
  declaration: DeclarationText | undefined,
): Promise<readonly Stored[]> {
  const all: Stored[] = [];
  for (const spec of specs) all.push(await storedOf(examiner, spec, declaration));
  return all;
}

/** The product as the docket keeps it; of an alarm, its first two contents. */
async function kept(
  { target, product, contents }: Case,
  opened: DocketFolder,
  examiner: Examiner,
  declaration: DeclarationText | undefined,
): Promise<readonly Stored[]> {
  const artifacts = new Artifacts(opened);
  const wanted =
    contents.length > 0 ? contents.slice(0, 2) : product === undefined ? [] : [product];
  const all: Stored[] = [];
  for (const digest of wanted) {
    const one = await artifacts.withDigest(target, digest);
    if (one === undefined) {
      throw new UsageError(`${target} with ${digest} is not kept here`, 'name the product');
    }
    all.push(await storedProduct(examiner, one, declaration));
  }
  return all;
}

/** The declaration that was kept with the first claim: what is edited since does not count. */
async function inForce(
  { claims: [first] }: Case,
  docket: Docket,
): Promise<DeclarationText | undefined> {
  const claim = first === undefined ? undefined : await docket.claim(first);
  const text = claim?.declaration && (await docket.textOf(claim.declaration));
  return text === undefined ? undefined : { source: 'declaration', form: 'avow', text };
}
