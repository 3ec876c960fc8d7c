import { diffExaminations, type Examination, type ExaminationDiff } from '@avow/examine';
import { productOfBytes } from '@avow/products';
import { Progress } from '../../progress.ts';
import { shown } from '../../render/shown.ts';
import type { KeptWhole } from './monitor-kept.ts';
import { alarm, note, type Remark } from './remark.ts';

/**
 * Examines two releases whose artifacts the log keeps, and says what the later
 * one does that the earlier did not, and what its declaration does not cover.
 */
export async function examinedChanges(
  before: KeptWhole,
  now: KeptWhole,
  cache: boolean,
  signal: AbortSignal,
): Promise<readonly Remark[]> {
  const { withExaminer } = await import('../../examiner.ts');
  const progress = new Progress(process.stderr, true);
  return withExaminer({ cache }, progress, signal, async (examiner) => {
    const examine = async ({ name, artifact, declaration: { text } }: KeptWhole) => {
      const product = await productOfBytes(artifact, name);
      if (text === undefined) return examiner.examine(product);
      return examiner.examine(product, { source: 'declaration', form: 'avow', text });
    };
    const [old, next] = [await examine(before), await examine(now)];
    return [...added(diffExaminations(old, next)), ...uncovered(next)];
  });
}

function added({ abilities, recipients, flows, old, new: now }: ExaminationDiff): Remark[] {
  const remarks = [
    ...abilities.gained.map(({ feature, when }) =>
      alarm(`it now has ${feature}${when === undefined ? '' : ' at installation'}`),
    ),
    ...recipients.flatMap(({ feature, gained }) =>
      gained.map((recipient) => alarm(`it now has ${feature} to ${shown(recipient)}`)),
    ),
    ...[...flows.gained, ...flows.redirected.map((pair) => pair.new)].map((flow) =>
      alarm(
        `${flow.source} now goes to ${flow.destination}, ${shown(flow.recipient ?? 'nobody knows where')}`,
      ),
    ),
  ];
  if (old.isWhole && now.isWhole) return remarks;
  return [...remarks, note('some could not be read: more may have been added')];
}

function uncovered({ declaration, findings }: Examination): Remark[] {
  if (declaration?.state !== 'held' || findings.length === 0) return [];
  const kinds = [...new Set(findings.map(({ rank }) => rank))].join(', ');
  return [alarm(`${findings.length} of what it does is not declared (${kinds})`)];
}
