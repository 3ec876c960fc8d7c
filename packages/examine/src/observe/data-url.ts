import { bytesOfBase64, utf8Of } from './fold/encodings.ts';

/** The code that a `data:` URL (RFC 2397) of JavaScript holds; undefined for any other specifier. */
export function codeOfDataUrl(specifier: string): string | undefined {
  const head =
    /^data:(?:text|application)\/(?:x-)?(?:java|ecma)script(?:;[\w=-]{1,40}){0,4}?(;base64)?,/i.exec(
      specifier,
    );
  if (head === null) return undefined;
  const data = specifier.slice(head[0].length);
  try {
    return head[1] === undefined ? decodeURIComponent(data) : utf8Of(bytesOfBase64(data));
  } catch {
    return undefined;
  }
}
