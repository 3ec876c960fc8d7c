import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Examination } from '@avow/examine';
import { packed } from '../publish/pack.ts';
import { PACKAGES } from '../publish/packages.ts';
import { examined, open } from './examined.ts';

/** A package of ours as it is published, held to the declaration that it brings. */
export async function ownExamined(name: string): Promise<Examination> {
  const work = mkdtempSync(join(tmpdir(), 'avow-own-'));
  try {
    return await examined(await open({ spec: packed(join(PACKAGES, name), work) }));
  } finally {
    rmSync(work, { recursive: true });
  }
}
