import { base64Of, hexOf, latin1Text, utf8Bytes } from '@avow/bytes';

/** One way in which a text may stand in a file. */
export interface SymptomForm {
  /** For people: `as it is`, `base64`. */
  readonly name: string;
  /** The bytes to look for, each as one character (Latin-1). */
  readonly needle: string;
}

/** Encoded forms of shorter texts are everywhere by chance. */
const MIN_ENCODED_BYTES = 5;

/** How a text may be hidden from somebody who searches for it, plainest first. */
export function formsOf(symptom: string): SymptomForm[] {
  const bytes = utf8Bytes(symptom);
  const forms: SymptomForm[] = [
    { name: 'as it is', needle: latin1Text(bytes) },
    { name: 'in lower case', needle: latin1Text(utf8Bytes(symptom.toLowerCase())) },
    { name: 'UTF-16', needle: utf16Of(symptom) },
    { name: 'reversed', needle: latin1Text(utf8Bytes([...symptom].reverse().join(''))) },
    { name: 'hex', needle: hexOf(bytes) },
    { name: 'hex', needle: hexOf(bytes).toUpperCase() },
    { name: 'hex escapes', needle: hexOf(bytes).replaceAll(/../g, '\\x$&') },
    ...[0, 1, 2].map((shift) => ({ name: 'base64', needle: base64Within(bytes, shift) })),
  ];
  const seen = new Set<string>();
  return forms.filter(({ name, needle }) => {
    const isPlain = name === 'as it is' || name === 'in lower case';
    const isWanted = !seen.has(needle) && (isPlain || bytes.length >= MIN_ENCODED_BYTES);
    seen.add(needle);
    return isWanted;
  });
}

/** UTF-16LE code units. */
function utf16Of(text: string): string {
  let needle = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    needle += String.fromCharCode(unit & 0xff, unit >> 8);
  }
  return needle;
}

/**
 * The characters of base64 (RFC 4648, 4) that `bytes` alone decide, where
 * `shift` bytes of their group of three stand before them.
 */
function base64Within(bytes: Uint8Array, shift: number): string {
  const padded = new Uint8Array(shift + bytes.length);
  padded.set(bytes, shift);
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((padded.length * 8) / 6);
  return base64Of(padded).slice(first, last);
}
