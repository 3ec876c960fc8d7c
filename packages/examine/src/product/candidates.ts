import { latin1Text } from '@avow/bytes';

/** Names that database updates have; what is one in truth is told by content, behind `@avow/formats/record`. */
const NAMES =
  /\.(?:cvd|cld|cud|cdiff|(?:cvd|cld|cud|cdiff)\.sign|cf|pre|txt|json|ya?ml|rules|yara?|rule|conf|avc|kdc|vdm|vdb|n?db|ndu|ldb|ldu|sdb|hdb|hdu|hsb|hsu|s?fp|imp|mdb|mdu|msb|msu|cdb|pdb|wdb|gdb|ign2?|ftm|cfg|crb|pwdb|idb|cbc)$|(?:^|\/)C-\d{8}-\d{8}-\d{8}\.sys$/i;

/** Manifests say versions and rule sets; the others are told by what their first lines hold. */
const MANIFEST = /(?:^|\/)(?:manifest|package)\.json$/;

const JSON_HINT = /"action"\s*:|"autoconsent"\s*:|"detectCmp"\s*:|"queries"\s*:/;

/** Enough of a file to see whether it is worth keeping until databases are read. */
const HEAD_BYTES = 32 * 1024;

/** True for a member that may be part of a database update: cheap, and never false for one that is. */
export function mayBeDatabase(path: string, bytes: Uint8Array): boolean {
  if (!NAMES.test(path)) return false;
  if (!/\.json$/i.test(path) || MANIFEST.test(path)) return true;
  return JSON_HINT.test(latin1Text(bytes.subarray(0, HEAD_BYTES)));
}
