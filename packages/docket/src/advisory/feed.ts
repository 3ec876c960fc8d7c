import type { JsonObject } from '@avow/log';
import type { Advisory, Publisher } from './advisory.ts';
import { csafPath } from './csaf.ts';

/** Atom (RFC 4287). */
export function atomFeed(advisories: readonly Advisory[], { base, name }: Publisher): string {
  const updated = advisories
    .map(({ revisions }) => revisions.at(-1)!.at)
    .sort()
    .at(-1);
  const entries = advisories.map((advisory) => {
    const url = `${base}/white/${csafPath(advisory)}`;
    return [
      '  <entry>',
      `    <id>${escaped(url)}</id>`,
      `    <title>${escaped(advisory.title)}</title>`,
      `    <published>${advisory.revisions[0]!.at}</published>`,
      `    <updated>${advisory.revisions.at(-1)!.at}</updated>`,
      `    <link href="${escaped(url)}"/>`,
      `    <summary type="text">${escaped(advisory.summary)}</summary>`,
      '  </entry>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${escaped(base)}/feed.atom</id>`,
    `  <title>Verdicts of ${escaped(name)}</title>`,
    `  <author><name>${escaped(name)}</name></author>`,
    `  <link rel="self" href="${escaped(base)}/feed.atom"/>`,
    `  <updated>${updated ?? '1970-01-01T00:00:00.000Z'}</updated>`,
    ...entries,
    '</feed>',
    '',
  ].join('\n');
}

/** JSON Feed 1.1. */
export function jsonFeed(advisories: readonly Advisory[], { base, name }: Publisher): JsonObject {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: `Verdicts of ${name}`,
    feed_url: `${base}/feed.json`,
    items: advisories.map((advisory) => ({
      id: `${base}/white/${csafPath(advisory)}`,
      url: `${base}/white/${csafPath(advisory)}`,
      title: advisory.title,
      content_text: advisory.summary,
      date_published: advisory.revisions[0]!.at,
      date_modified: advisory.revisions.at(-1)!.at,
    })),
  };
}

/**
 * Text as a text node or an attribute of XML and HTML. Control and
 * bidirectional characters are shown as such: they could reorder what is read,
 * and XML 1.0 has no form for most of them.
 */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) =>
      one === '\n' || one === '\t' ? one : `\\u{${one.codePointAt(0)!.toString(16)}}`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
