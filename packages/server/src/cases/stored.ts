import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Digest } from '@avow/bytes';
import type { Stored, StoredRecord } from '@avow/docket';
import { placesIn } from '@avow/examine/places';
import type { MemberLine, RecordLine } from '../examinations/task.ts';

/** A product as an examination left it in a folder. */
export async function storedIn(folder: string): Promise<Stored> {
  const examination = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'));
  const members = await linesOf<MemberLine>(join(folder, 'members.jsonl'));
  const bytes = new Map<string, Uint8Array>();
  for (const { path, digest } of members) {
    const file = join(folder, 'files', basename(digest.slice('sha256:'.length)));
    const found = await readFile(file).catch(() => undefined);
    if (found !== undefined) bytes.set(path, found);
  }
  const records = await linesOf<RecordLine>(join(folder, 'records.jsonl')).catch(() => []);
  return {
    examination,
    files: members.map((one) => ({ ...one, digest: one.digest as Digest })),
    ...placesIn(bytes),
    records: records.map(
      ({ member, id, line, digest }): StoredRecord => ({
        path: member,
        id,
        line,
        digest: digest as Digest,
      }),
    ),
  };
}

async function linesOf<Line>(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
