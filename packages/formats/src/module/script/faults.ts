import { Refused } from '@avow/bytes';

/**
 * What a parser in JavaScript threw that is no syntax error of its own, as a
 * refusal: exhausted stack is `script.too-deep`; anything else is a parser
 * that lost its way in a text which no engine takes either, `script.syntax`.
 */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof RangeError) {
    return new Refused('script.too-deep', undefined, 'nested deeper than the parser can follow');
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Refused('script.syntax', undefined, `the parser failed: ${message}`);
}
