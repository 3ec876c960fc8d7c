import { latin1Text } from '@avow/bytes';

/** Names that database updates have; what is one in truth is told by content, behind `@avow/formats/record`. */
const NAMES =
  /\.(?:cvd|cld|cud|cdiff|(?:cvd|cld|cud|cdiff)\.sign|cf|pre|txt|json|ya?ml|rules|yara?|rule|conf|xml|stix|crlset|avc|kdc|vdm|vdb|n?db|ndu|ldb|ldu|sdb|hdb|hdu|hsb|hsu|s?fp|imp|mdb|mdu|msb|msu|cdb|pdb|wdb|gdb|ign2?|ftm|cfg|crb|pwdb|idb|cbc)$|(?:^|\/)crl-set$|(?:^|\/)C-\d{8}-\d{8}-\d{8}\.sys$/i;

/** Manifests say versions and rule sets; the others are told by what their first lines hold. */
const MANIFEST = /(?:^|\/)(?:manifest|package)\.json$/;

const JSON_HINT =
  /"action"\s*:|"autoconsent"\s*:|"detectCmp"\s*:|"queries"\s*:|"bundle"|"Event"\s*:|"last_modified"\s*:/;
const XML_HINT = /oval_definitions|Benchmark|data-stream-collection|STIX_Package/;

/** Enough of a file to see whether it is worth keeping until databases are read. */
const HEAD_BYTES = 32 * 1024;

/** True for a member that may be part of a database update: cheap, and never false for one that is. */
export function mayBeDatabase(path: string, bytes: Uint8Array): boolean {
  if (bytes.length === 0 || !NAMES.test(path)) return false;
  const hint = hintFor(path);
  return hint === undefined || hint.test(latin1Text(bytes.subarray(0, HEAD_BYTES)));
}

/** Every product has files of these names: they are kept only when they look like a database. */
function hintFor(path: string): RegExp | undefined {
  if (/\.xml$/i.test(path)) return XML_HINT;
  return /\.json$/i.test(path) && !MANIFEST.test(path) ? JSON_HINT : undefined;
}
