import { EITHER } from '../observe/fold/value.ts';
import type { CompiledCondition } from '../rules/compile.ts';
import type { ArgumentSource } from './arguments.ts';

/** Characters of a text that patterns see. */
export const MAX_MATCHED = 2000;

/** Whether all conditions hold. What is not known fails `is` and `like`, and passes `unlike`; of alternatives one is enough. */
export function holdAll(conditions: readonly CompiledCondition[], source: ArgumentSource): boolean {
  return conditions.every((condition) => holds(condition, source));
}

function holds(condition: CompiledCondition, source: ArgumentSource): boolean {
  const { at, is, like, unlike, present } = condition;
  if (present !== undefined && source.isPresent(at) !== present) return false;
  if (is === undefined && like === undefined && unlike === undefined) return true;
  const texts = source.text(at)?.slice(0, MAX_MATCHED).split(EITHER);
  if (is !== undefined && !(texts?.some((text) => is.includes(text)) ?? false)) return false;
  if (like !== undefined && !(texts?.some((text) => like.test(text)) ?? false)) return false;
  return unlike === undefined || texts === undefined || texts.some((text) => !unlike.test(text));
}
