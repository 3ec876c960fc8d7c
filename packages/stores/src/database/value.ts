import { Refused } from '@avow/bytes';

/** What a statement is given, alike for both engines. Refuses `database.text`. */
export function boundValues(values: readonly unknown[]): unknown[] {
  return values.map((value) => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'string' && value.includes('\0')) {
      throw new Refused(
        'database.text',
        value.indexOf('\0'),
        `a text of ${value.length} characters has U+0000 in it`,
      );
    }
    return value;
  });
}
