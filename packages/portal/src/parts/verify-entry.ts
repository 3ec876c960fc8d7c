import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';
import type { Words } from '../words/words.ts';

/** The island that makes it work. */
export const PROOF_ISLAND = 'proof';

/** A place for a value in a message that an island fills. */
const HOLE = { value: '{}' };

/**
 * A button that has the visitor's browser verify that an entry is in the log,
 * and that it is of a digest which the page shows. Without script the command
 * stands there alone.
 */
export function verifyEntry({ say }: Words, index: number, digest?: string): Html {
  return html`<div class="verify" data-entry="${index}" ${digest === undefined ? '' : html`data-digest="${digest}"`} data-in="${say('proof.in', { n: '{}' })}" data-out="${say('proof.out', HOLE)}" data-same="${say('proof.same')}" data-other="${say('proof.other', HOLE)}" data-absent="${say('proof.absent', HOLE)}" data-signed="${say('proof.signed', HOLE)}" data-forged="${say('proof.forged', HOLE)}" data-unsigned="${say('proof.unsigned')}" data-failed="${say('proof.failed', HOLE)}">
<button hidden>${say('log.verify')}</button><div role="status"><ul></ul></div><a class="button" hidden>${say('proof.save')}</a></div>` as Html;
}
