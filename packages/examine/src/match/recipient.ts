import { EITHER, forEach } from '../observe/fold/value.ts';
import type { Recipient } from '../rules/rule.ts';
import type { ArgumentSource } from './arguments.ts';

/** Characters of a recipient that results carry. */
const MAX_RECIPIENT = 200;

/** To whom or what a use goes, as far as it is known. */
export function recipientOf(
  recipient: Recipient | undefined,
  source: ArgumentSource,
): string | undefined {
  if (recipient === undefined) return undefined;
  const found = recipient.is ?? written(recipient, source);
  if (found === undefined || /^[…\s\ue0fe]*$/.test(found)) return undefined;
  const texts = found
    .split(EITHER)
    .map((text) => normalised(recipient.kind, text.replaceAll(/[\s\u0000-\u001f]+/g, ' ')));
  const known = [...new Set(texts)].filter((each) => each !== '');
  // `…/…` and `…://…` name nobody.
  if (known.every((each) => /^[…/.:\s-]*$/.test(each) && (each.includes('…') || each === '')))
    return undefined;
  return known.join(' | ').slice(0, MAX_RECIPIENT);
}

function written(recipient: Recipient, source: ArgumentSource): string | undefined {
  let first: string | undefined;
  for (const path of recipient.from ?? []) {
    first = source.text(path);
    if (first !== undefined) break;
  }
  if (first === undefined || recipient.with === undefined) return first;
  const parts = [first];
  for (const path of recipient.with) {
    const texts = source.texts(path);
    if (texts !== undefined) parts.push(...texts.map((text) => text ?? '…'));
  }
  return forEach(parts, (chosen) => chosen.join(' '));
}

function normalised(kind: Recipient['kind'], text: string): string {
  switch (kind) {
    case 'path':
      return text.replaceAll('\\', '/');
    case 'host':
      return hostOf(text);
    case 'url':
    case 'command':
    case 'env':
    case 'name':
    case 'address':
      return text.trim();
    default:
      return kind satisfies never;
  }
}

/** The host of a URL, or of `host:port`; a relative URL stays as it is. */
export function hostOf(text: string): string {
  const authority = /^\s*(?:[a-zA-Z][a-zA-Z0-9+.-]{0,30}:)?\/\/([^/?#\s]*)/.exec(text)?.[1];
  if (authority === undefined)
    return /^[\w.-]+(:\d+)?$/.test(text) ? text.replace(/:\d+$/, '').toLowerCase() : text;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[^:\]]*$/, '');
  return (host === '' ? text : host).toLowerCase();
}
