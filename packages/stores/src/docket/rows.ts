import { utf8Text } from '@avow/bytes';
import type { DocketEvent, Subject } from '@avow/docket';

/** An event as both stores keep it: its canonical bytes. */
export function eventOf(row: object): DocketEvent {
  return JSON.parse(utf8Text((row as { readonly bytes: Uint8Array }).bytes)!) as DocketEvent;
}

/** `case-12` is 12: by it subjects are listed. */
export function numberOf(subject: Subject): number {
  return Number(subject.slice(subject.indexOf('-') + 1));
}

/** Why a claim was turned back, each reason once; nothing for other moves. */
export function refusalsIn({ move, data }: DocketEvent): readonly string[] {
  const reasons = data['reasons'];
  if (!/^(?:turnBack|turnBackAgain|dismiss)$/.test(move) || !Array.isArray(reasons)) return [];
  return [...new Set(reasons)].filter((reason) => typeof reason === 'string');
}
