import { places } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { codeTable } from '../../parts/source.ts';
import type { Asked } from '../route.ts';
import { moduleAsked, moduleBase, moduleHref, modulePageOf } from './frame.ts';

const ROW = 16;
/** Rows of one page. */
const ROWS = 128;
const PAGE = ROW * ROWS;

/** The file's bytes from an offset on. */
export async function bytesPage(asked: Asked): Promise<Page | Response> {
  const { visit, client, url } = asked;
  const { say } = visit.words;
  const module = await moduleAsked(asked);
  if (module instanceof Response) return module;
  const { about } = module;
  const wanted = offsetOf(url.searchParams.get('from') ?? '0');
  const from = Math.min(wanted - (wanted % ROW), Math.max(0, about.size - 1));
  // Offsets count in the whole file, also where the path goes on into a slice of it.
  const path =
    module.path.split('!/').length > 1 ? await wholePath(asked, module.path) : module.path;
  const base = moduleBase({ target: about.target, path });
  // The rows around the middle are the page.
  const middle = from + PAGE / 2;
  const at = Math.min(middle, Math.max(from, about.size - 1));
  const context = Math.ceil((at - from) / ROW);
  const place = await client.ask(places.locate, {
    query: { locator: `${base} @off:0x${at.toString(16)}`, as: 'hex', context },
  });
  const lines = place.lines.map((line) => ({
    at: line.at,
    text: line.text,
    isHere: wanted !== 0 && Number(line.at) === wanted - (wanted % ROW),
    locator: `${base} @off:0x${Number(line.at).toString(16)}`,
  }));
  const link = (to: number, id: 'list.first' | 'list.next' | 'module.previous', rel = '') =>
    html`<a href="${moduleHref(module, 'bytes', { from: `0x${to.toString(16)}` })}" ${rel === '' ? '' : html`rel="${rel}"`}>${say(id)}</a>`;
  const end = from + lines.length * ROW;
  const body = html`<form method="get" class="search field"><input type="hidden" name="path" value="${module.path}"><label class="unseen" for="from">${say('module.go-offset')}</label><input id="from" name="from" value="0x${from.toString(16)}" maxlength="20" spellcheck="false" autocomplete="off"><button>${say('module.go')}</button></form>
<p class="quiet">${say('module.range', { from: `0x${from.toString(16)}`, to: `0x${Math.min(end, about.size).toString(16)}`, size: `0x${about.size.toString(16)}` })}</p>
${codeTable(lines, `${module.path} ${say('place.hex')}`, false)}
<nav class="pages" aria-label="${say('list.pages')}">${from === 0 ? '' : html`${link(0, 'list.first')}${link(Math.max(0, from - PAGE), 'module.previous', 'prev')}`}${end >= about.size ? '' : link(end, 'list.next', 'next')}</nav>
<p><a href="/api/v1/releases/${module.release}/bytes?path=${encodeURIComponent(path)}&from=${from}&length=${PAGE}">${say('module.download')}</a> <span class="quiet small">${shown(path)}</span></p>`;
  return modulePageOf(visit, module, 'bytes', say('place.hex'), body as Html);
}

/** The file that holds a slice; a path that goes into an archive is of a file itself. */
async function wholePath({ client, params }: Asked, path: string): Promise<string> {
  const release = Number(params.release);
  const holder = path.slice(0, path.lastIndexOf('!/'));
  const isFile = await client
    .ask(places.bytes, { params: { release }, query: { path, length: 1 } })
    .then(() => true)
    .catch(() => false);
  return isFile ? path : holder;
}

/** `0x1f0` or `496`; 0 for anything else. */
function offsetOf(text: string): number {
  const value = /^(?:0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text.trim()) ? Number(text.trim()) : 0;
  return Number.isSafeInteger(value) ? value : 0;
}
