/** Decodes the records that a place names, in a process that may die of their file. */

import { parseLocator, printPlace } from '@avow/locator';
import { recordsAtPlace } from '@avow/workers';
import type { z } from 'zod';
import { given } from '../catalogue/shown.ts';
import { childProgram } from '../children/program.ts';
import type { place as placeShape } from '../contract/find.ts';

export interface RecordTask {
  readonly path: string;
  /** Base64. */
  readonly bytes: string;
  readonly locator: string;
}

type ShownRecords = NonNullable<z.output<typeof placeShape>['records']>;

/** Records of one name, and texts of one record, that are shown. */
const MAX_RECORDS = 8;
const MAX_LITERALS = 200;
const MAX_RAW = 20_000;

childProgram<RecordTask>(async ({ path, bytes, locator }): Promise<ShownRecords> => {
  const { place, target } = parseLocator(locator);
  const inner =
    target.kind === 'purl' ? target.path?.map((one) => one.join('/')).join('!/') : undefined;
  const members = [{ path, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }];
  const found = await recordsAtPlace(members as never, inner, printPlace(place));
  return found.slice(0, MAX_RECORDS).map(({ record, features, literals }) => ({
    format: record.format,
    kind: record.kind,
    id: record.id,
    isEnabled: record.enabled,
    line: record.line,
    digest: record.digest,
    raw: record.raw.slice(0, MAX_RAW),
    ...given('why', record.unknown?.message),
    does: features.map((one) => ({
      target: one.target,
      action: one.action,
      visibility: one.visibility,
      destination: one.destination,
      ...given('recipient', one.recipient),
      ...given('carries', one.carries),
      decided: [...one.decided],
    })),
    literals: literals.slice(0, MAX_LITERALS).map(({ text, written }) => ({ text, written })),
  }));
});
