import type { Piece } from './piece.ts';
import type { Attribute, Element } from './walk.ts';

/** A text of a page, and where its runs stand in it. */
export interface AttributeText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** An attribute's value; undefined when the page does not spell it out. */
export function attributeText(
  page: string,
  element: Element,
  attribute: Attribute,
): AttributeText | undefined {
  const name = attribute.prefix ? `${attribute.prefix}:${attribute.name}` : attribute.name;
  const location = element.sourceCodeLocation?.attrs?.[name];
  if (location === undefined) return undefined;
  const written = page.slice(location.startOffset, location.endOffset);
  const before = /^[^=]*=\s*["']?/.exec(written)?.[0].length;
  if (before === undefined) return undefined;
  const from = location.startOffset + before;
  return { text: attribute.value, pieces: piecesOf(page, from, attribute.value) };
}

const REFERENCE = /&(?:#x[0-9a-f]+|#[0-9]+|[a-z0-9]+);?/iy;

/** Follows the decoded value along the page: after each reference a new run begins. */
function piecesOf(page: string, from: number, value: string): Piece[] {
  const pieces: Piece[] = [{ at: 0, from }];
  let place = from;
  for (let at = 0; at < value.length; ) {
    REFERENCE.lastIndex = place;
    const reference = page[place] === '&' ? REFERENCE.exec(page)?.[0] : undefined;
    const isLiteral = reference === undefined || value.startsWith(reference, at);
    if (isLiteral) {
      // `\r\n` is one `\n` to the page.
      place += page[place] === '\r' && page[place + 1] === '\n' ? 2 : 1;
      at += 1;
      if (place - from !== at && page[place - 1] === '\n') pieces.push({ at, from: place });
      continue;
    }
    place += reference.length;
    at += value.codePointAt(at)! > 0xffff ? 2 : 1;
    pieces.push({ at, from: place });
  }
  return pieces;
}

/**
 * What stands between a script's tags. Within SVG it is markup: its texts,
 * with references decoded, are the script.
 */
export function pieceText(page: string, element: Element): AttributeText | undefined {
  const location = element.sourceCodeLocation;
  const from = location?.startTag?.endOffset;
  if (from === undefined) return undefined;
  if (element.namespaceURI.endsWith('/svg')) return svgText(element);
  const to = location?.endTag?.startOffset ?? page.length;
  return { text: page.slice(from, to), pieces: [{ at: 0, from }] };
}

function svgText(element: Element): AttributeText {
  let text = '';
  const pieces: Piece[] = [];
  for (const node of element.childNodes) {
    if (!('value' in node)) continue;
    pieces.push({ at: text.length, from: node.sourceCodeLocation?.startOffset ?? 0 });
    text += node.value;
  }
  return { text, pieces: pieces.length > 0 ? pieces : [{ at: 0, from: 0 }] };
}
