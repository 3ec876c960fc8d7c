import { ServiceRefused } from '@avow/server/client';
import { releases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { goOn } from '../../parts/forms.ts';
import { facts, table } from '../../parts/lists.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import { featuresIn } from './found.ts';
import { type ModuleShown, moduleAsked, moduleBase, moduleHref, modulePageOf } from './frame.ts';
import { codeLink } from './links.ts';

/** Features shown here: the others are at their functions. */
const FEATURES = 200;
const ENTRIES = 20;

/** What a module is; a file that is neither machine code nor WebAssembly is shown as its source. */
export async function modulePage(asked: Asked): Promise<Page | Response> {
  const { visit } = asked;
  let module: ModuleShown | Response;
  try {
    module = await moduleAsked(asked);
  } catch (error) {
    if (!(error instanceof ServiceRefused) || error.status !== 422) throw error;
    return unshown(asked, error);
  }
  if (module instanceof Response) return module;
  const found = await featuresIn(asked.client, module);
  const { words } = visit;
  const { say } = words;
  const { about } = module;
  const body = html`${aboutFacts(words, module)}
${notices(words, module)}
${
  found.length === 0
    ? ''
    : html`<section aria-labelledby="found"><h2 id="found">${say('place.found')}</h2>${table(
        say('place.found'),
        [say('head.what'), say('head.where'), say('head.evidence')],
        found
          .slice(0, FEATURES)
          .map(({ place, feature }) => [
            words.word('feature', feature.feature),
            html`<a class="mono" href="${moduleHref(module, 'code', { at: place })}#L${place.split(':').at(-1)}">${shownWithin(place, 80)}</a>` as Html,
            html`<code class="small">${shownWithin(feature.evidence, 160)}</code>` as Html,
          ]),
      )}${found.length > FEATURES ? html`<p>${say('module.more', { n: found.length - FEATURES })}</p>` : ''}</section>`
}
${about.slices.length > 0 ? '' : sections(words, module)}
${about.data.length === 0 ? '' : data(words, module)}`;
  return modulePageOf(visit, module, '', '', body as Html);
}

/** A script is shown by its lines; of a broken module it is said why, and its bytes are there. */
async function unshown({ visit, client, params, url }: Asked, problem: ServiceRefused) {
  const release = Number(params.release);
  const path = url.searchParams.get('path') ?? '';
  const { target } = await client.ask(releases.read, { params: { release } });
  const base = moduleBase({ target, path });
  if (problem.code === 'locate.place-kind') {
    return goOn(`/places?at=${encodeURIComponent(`${base} @line:1`)}`);
  }
  const { say } = visit.words;
  return {
    title: path,
    crumbs: [{ path: `/releases/${release}`, text: shown(target) }],
    body: html`<h1 class="mono">${shown(path)}</h1>
<div class="notice bad"><p>${say('module.broken')}</p><p><code>${problem.code}</code> ${shown(problem.found)}</p></div>
<p><a class="button" href="/places?at=${encodeURIComponent(`${base} @off:0x0`)}&as=hex">${say('place.hex')}</a></p>`,
  } as Page;
}

function aboutFacts(words: Words, module: ModuleShown): Html {
  const { say } = words;
  const { about } = module;
  const { slices, libraries, entries } = about;
  const list = (all: readonly Html[]) =>
    all.length === 0
      ? undefined
      : (html`<ul class="plain">${all.map((one) => html`<li>${one}</li>`)}</ul>` as Html);
  return facts([
    [
      say('module.format'),
      `${say(`module.kind.${about.kind}`)}, ${about.machine}, ${say('module.bits', { n: about.bits })}`,
    ],
    [
      say('module.slices'),
      list(
        slices.map(
          (slice) =>
            html`<a href="${moduleHref({ ...module, path: `${module.path}!/${slice}` })}">${shown(slice)}</a>` as Html,
        ),
      ),
    ],
    [say('release.digest'), html`<code class="small">${about.digest}</code>` as Html],
    [say('release.size'), words.bytes(about.size)],
    [
      say('module.build-id'),
      about.buildId && (html`<code class="small">${shown(about.buildId)}</code>` as Html),
    ],
    ...about.facts.map(({ name, value }) => [shown(name), shownWithin(value, 2_000)] as const),
    [
      say('module.base'),
      slices.length > 0 || about.kind === 'wasm'
        ? undefined
        : (html`<code>${about.base}</code>` as Html),
    ],
    [say('module.libraries'), list(libraries.map((one) => shownWithin(one, 200)))],
    [
      say('module.entries'),
      list(
        entries
          .slice(0, ENTRIES)
          .map((one) => html`${words.word('entry', one.what)} ${codeLink(module, one)}` as Html),
      ),
    ],
  ] as never) as Html;
}

/** What was not read, and machines whose code is not shown. */
function notices({ say }: Words, { about }: ModuleShown): Html {
  return html`${
    about.slices.length > 0 || about.isDisassembled
      ? ''
      : html`<div class="notice"><p>${say('module.no-code', { machine: about.machine })}</p></div>`
  }${
    about.unread.length === 0
      ? ''
      : html`<div class="notice"><p>${say('module.unread')}</p><ul>${about.unread.map(({ what, code, message }) => html`<li>${shown(what)}: <code>${code}</code> ${shown(message)}</li>`)}</ul></div>`
  }${about.isCut ? html`<div class="notice"><p>${say('module.cut')}</p></div>` : ''}` as Html;
}

function sections(words: Words, module: ModuleShown): Html {
  const { say } = words;
  const rows = module.about.sections.map((one) => [
    html`<code>${shownWithin(one.name, 100)}</code>` as Html,
    html`<code>${one.at}</code>` as Html,
    one.offset === null
      ? '–'
      : (html`<a class="mono" href="${moduleHref(module, 'bytes', { from: `0x${one.offset.toString(16)}` })}">0x${one.offset.toString(16)}</a>` as Html),
    words.bytes(one.size),
    [
      ...(one.executable ? [say('module.executable')] : []),
      ...(one.writable ? [say('module.writable')] : []),
    ].join(', ') || '–',
  ]);
  const heads = [
    say('head.what'),
    say('module.address'),
    say('module.offset'),
    say('head.size'),
    say('module.may'),
  ];
  return html`<section aria-labelledby="sections"><h2 id="sections">${say('module.sections')}</h2>${table(say('module.sections'), heads, rows)}</section>` as Html;
}

/** Data of WebAssembly, by its address in memory. */
function data(words: Words, module: ModuleShown): Html {
  const { say } = words;
  const rows = module.about.data.map(({ address, offset, size }) => [
    html`<code>${address === null ? '–' : `0x${address.toString(16)}`}</code>` as Html,
    html`<a class="mono" href="${moduleHref(module, 'bytes', { from: `0x${offset.toString(16)}` })}">0x${offset.toString(16)}</a>` as Html,
    words.bytes(size),
  ]);
  return html`<section aria-labelledby="data"><h2 id="data">${say('module.data')}</h2>${table(say('module.data'), [say('module.address'), say('module.offset'), say('head.size')], rows)}</section>` as Html;
}
