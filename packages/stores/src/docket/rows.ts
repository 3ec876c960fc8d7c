import { utf8Text } from '@avow/bytes';
import type { DocketEvent } from '@avow/docket';

/** An event as both stores keep it: its canonical bytes. */
export function eventOf(row: object): DocketEvent {
  return JSON.parse(utf8Text((row as { readonly bytes: Uint8Array }).bytes)!) as DocketEvent;
}
