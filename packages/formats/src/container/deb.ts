import { latin1Text } from '@avow/bytes';
import { readAr } from './ar.ts';
import { type Entry, type FileEntry, isUnread } from './entry.ts';
import { packedTar } from './packed.ts';

/**
 * Reads a Debian binary package (deb(5), format 2.0): the files it installs,
 * by their place in the system, after its control files in `DEBIAN/`, as
 * `dpkg-deb --raw-extract` lays them out.
 *
 * A part that is packed in a way that is not read becomes unread
 * (`deb.part`). Refuses as `readAr`, `readTar` and the unpackers.
 */
export async function* readDeb(bytes: Uint8Array, maxBytes: number): AsyncGenerator<Entry> {
  for (const part of readAr(bytes, true)) {
    const data = await part.read(Number.POSITIVE_INFINITY);
    if (part.name === 'debian-binary') {
      continue;
    }
    const folder = part.name.startsWith('control.tar') ? 'DEBIAN/' : '';
    const entries =
      folder !== '' || part.name.startsWith('data.tar') ? packedTar(data, maxBytes) : undefined;
    if (entries === undefined) {
      yield otherPart(part, data);
      continue;
    }
    for await (const entry of entries) {
      if (isUnread(entry)) yield { ...entry, path: entry.path && folder + entry.path };
      else yield { ...entry, name: folder + entry.name.replace(/^\.\//, '') };
    }
  }
}

/** Members that dpkg ignores or refuses: `_gpgorigin` and what else was put there. */
function otherPart(part: FileEntry, data: Uint8Array): Entry {
  const { name, size, offset } = part;
  if (/^(control|data)\.tar/.test(name)) {
    const found = latin1Text(data.subarray(0, 6)).replace(/[^\x20-\x7e]/g, '.');
    const message = `packed in a way that is not read; it starts with ${found}`;
    return { path: name, size, offset, why: { code: 'deb.part', message } };
  }
  return part;
}
