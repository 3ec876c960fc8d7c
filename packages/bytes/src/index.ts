export { crc32 } from './checksum.ts';
export { Cursor } from './cursor.ts';
export { inflateRaw, inflateRawParts, inflateRawTaken } from './deflate.ts';
export { type Digest, digestOf } from './digest.ts';
export { base64Of, bytesOfBase64, bytesOfHex, hexOf } from './encoding.ts';
export { ByteFlow, joined } from './flow.ts';
export { type HashName, hashOf } from './hash.ts';
export { isAscii, latin1Bytes, textOfLatin1 } from './latin1.ts';
export { Refused, type Why, why } from './refused.ts';
export { indexOfBytes } from './search.ts';
export { sha256 } from './sha256.ts';
export {
  newSeed,
  type RawSigner,
  type RawVerifier,
  SEED_SIZE,
  type SignatureScheme,
  signerFromSeed,
  verifierOf,
} from './signature.ts';
export {
  cp437Text,
  type DecodedText,
  decodeText,
  latin1Text,
  type TextEncoding,
  utf8Bytes,
  utf8Into,
  utf8Text,
} from './text.ts';
export { unxzParts } from './xz.ts';
export { unzstd, unzstdParts } from './zstd.ts';
