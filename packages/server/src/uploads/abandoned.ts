import type { Uploads } from '@avow/stores/uploads';
import type { UploadFiles } from './files.ts';

/** Who comes back within two days goes on; after that the part is gone. */
const KEPT_MS = 2 * 86_400_000;
const AT_ONCE = 100;

/** Removes parts on this server's disk that were left lying, whoever removes their rows. */
export async function removeAbandonedParts({
  uploadFiles,
  now,
}: {
  readonly uploadFiles: UploadFiles;
  readonly now: () => number;
}): Promise<void> {
  await uploadFiles.removeOlder(now() - KEPT_MS);
}

/** Removes uploads that were begun and left lying, with what there is of their bytes. */
export async function removeAbandoned({
  uploads,
  uploadFiles,
  now,
}: {
  readonly uploads: Uploads;
  readonly uploadFiles: UploadFiles;
  readonly now: () => number;
}): Promise<void> {
  for (const { id } of await uploads.abandoned(now() - KEPT_MS, AT_ONCE)) {
    await uploads.remove(id);
    await uploadFiles.remove(id);
  }
}
