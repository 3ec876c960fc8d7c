import { functionAt, type NativeCode, type NativeImage, SiteKind } from '@avow/formats/native';

/** Bytes of code between where a selector is loaded and where the message is sent. */
const MAX_APART = 96;

/** Sites that are looked through for the one that sends. */
const MAX_BETWEEN = 4;

/**
 * Where messages are sent whose selectors are loaded: by the site of a call of
 * `objc_msgSend`, that of the load before it in the same function. The call has
 * the arguments; the load is where the message is told.
 *
 * @param isMessage By index of a target.
 */
export function sentMessages(
  image: NativeImage,
  { sites, functions }: NativeCode,
  isMessage: (target: number) => boolean,
): ReadonlyMap<number, number> {
  const sent = new Map<number, number>();
  if (image.format !== 'macho') return sent;
  const isSend = image.imports.map(({ name }) => /^_objc_msgSend(?:\$|$)/.test(name));
  for (let site = 0; site < sites.count; site += 1) {
    if (sites.kind[site] !== SiteKind.load || !isMessage(sites.target[site]!)) continue;
    for (let next = site + 1; next < sites.count && next <= site + MAX_BETWEEN; next += 1) {
      if (sites.rva[next]! - sites.rva[site]! > MAX_APART) break;
      if (sites.kind[next] === SiteKind.load) {
        // The pointer of another selector is another message's.
        if (isMessage(sites.target[next]!)) break;
        continue;
      }
      const isCall = sites.kind[next] === SiteKind.call || sites.kind[next] === SiteKind.jump;
      if (!isCall || isSend[sites.target[next]!] !== true) break;
      const inside = functionAt(functions, sites.rva[site]!);
      if (inside >= 0 && functionAt(functions, sites.rva[next]!) === inside) sent.set(next, site);
      break;
    }
  }
  return sent;
}
