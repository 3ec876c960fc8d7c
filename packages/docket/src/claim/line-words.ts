import type { Place } from '@avow/locator';
import { lineAt } from './file-line.ts';

/** Words for lines and columns, as people of several languages and tools write them; for patterns with `iu`. */

const BEGIN = '(?:(?:start|begin|first)?[ _]?';
const NUMBER = '(?:[ _]?(?:number|no))?';

export const LINE = `(?<![\\p{L}])${BEGIN}lines?${NUMBER}|rows?|ln|l\\.|zeilen?|lignes?|l[ií]neas?|linhas?|righ?[ae]|строк(?:[аеиу]|ах|ами)?)(?![\\p{L}])`;

export const COLUMN = `(?<![\\p{L}])${BEGIN}col(?:umn)?${NUMBER}|char(?:acter)?s?|spalte|colonn[ea]|columna|coluna|столб(?:ец|ца|це)|символ\\p{L}{0,3}|позици[ияюей]{1,2})(?![\\p{L}])`;

const COLUMN_TOLD = `(?:[^\\d\\n]{1,12}?${COLUMN}[^\\d\\n]{0,4}(\\d{1,9}))?`;

/** A number after a word for lines; where they are told, the range's last line, the column, or the end with its column. */
export const LINE_TOLD =
  `${LINE}[^\\d\\n]{0,6}(\\d{1,9})(?!\\d)` +
  `(?:(?: ?(?:[-–]|to|and|through|bis|und|à|по|до|и) ?|[^\\d\\n]{1,12}?end[ _]?line[^\\d\\n]{1,6})(\\d{1,9}))?` +
  `${COLUMN_TOLD}(?:[^\\d\\n]{1,6}end[^\\d\\n]{1,6}${LINE}[^\\d\\n]{0,6}(\\d{1,9})${COLUMN_TOLD})?`;

/** The place that a match of `LINE_TOLD` tells. */
export function lineTold([start, end, column, last, lastColumn]: readonly (string | undefined)[]):
  | Place
  | undefined {
  return lineAt(start, column, end ?? last, lastColumn);
}

/** `on the 88th line`, `12-я строка, 3-й символ`: the number first. */
const ORDINAL = '(\\d{1,9})(?:st|nd|rd|th|-?(?:й|я|ю|ой|ей))';
export const ORDINAL_LINE = `${ORDINAL} ${LINE}`;
export const ORDINAL_TOLD = `${ORDINAL_LINE}(?:[^\\d\\n]{1,6}${ORDINAL} ${COLUMN})?`;
