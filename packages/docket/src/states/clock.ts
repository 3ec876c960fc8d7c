/** Times are milliseconds since 1970 in UTC, given by whoever calls; texts are RFC 3339 with `Z`. */
export type Time = number;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function timeText(time: Time): string {
  return new Date(time).toISOString();
}

/** The time that a text names, with a zone; undefined for anything else. */
export function timeOf(text: string): Time | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** `days` after `time`; working days leave out Saturdays and Sundays (UTC). */
export function daysAfter(time: Time, days: number, working = false): Time {
  if (!working) return time + days * DAY;
  let at = time;
  for (let left = days; left > 0; ) {
    at += DAY;
    const day = new Date(at).getUTCDay();
    if (day !== 0 && day !== 6) left--;
  }
  return at;
}
