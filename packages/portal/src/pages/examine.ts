import { jobs, uploads } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import {
  faultNotice,
  field,
  formOf,
  goOn,
  NOTHING_TYPED,
  type Typed,
  tried,
} from '../parts/forms.ts';
import { facts } from '../parts/lists.ts';
import { tag } from '../parts/tags.ts';
import type { Asked } from './route.ts';

/** A form without script is sent whole; above this, the API's resumable uploads are the way. */
const MAX_FORM = 64 * 1024 ** 2;

/** Name a package, or hand a file in. */
export async function examinePage({ visit }: Asked): Promise<Page> {
  return examineForm(visit, NOTHING_TYPED);
}

export async function examine(asked: Asked): Promise<Page | Response> {
  const { visit, client, request } = asked;
  const length = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
  if (length > MAX_FORM) return { ...examineForm(visit, NOTHING_TYPED, true), status: 413 };
  const form = await formOf(request, MAX_FORM);
  const spec = String(form.get('spec') ?? '').trim();
  const file = form.get('file');
  const done = await tried({ spec }, async () => {
    if (file instanceof File && file.size > 0) {
      return goOn(`/jobs/${await handIn(asked, file, form.get('public') !== null)}`);
    }
    const { id } = await client.ask(jobs.examine, { body: { spec } });
    return goOn(`/jobs/${id}`);
  });
  return done instanceof Response ? done : examineForm(visit, done);
}

/** Hands a file in and gives the job that examines it. */
async function handIn({ client }: Asked, file: File, isPublic: boolean): Promise<string> {
  const name = file.name.replaceAll(/[^\w.@+ -]/g, '_').slice(-200) || 'file';
  const begun = await client.ask(uploads.create, {
    body: { file: name, size: file.size, isPublic },
  });
  const params = { upload: begun.id };
  const ended = await client.stream(uploads.append, { params }, await file.bytes(), {
    'upload-offset': '0',
  });
  return (ended as { readonly job?: string }).job ?? '';
}

function examineForm(visit: Visit, typed: Typed, isTooLarge = false): Page {
  const { words } = visit;
  const { say } = words;
  const next = encodeURIComponent('/examine');
  return {
    title: say('nav.examine'),
    status: typed.problem === undefined ? 200 : 400,
    body: html`<h1>${say('nav.examine')}</h1>
<p>${say('examine.says')}</p>
${faultNotice(words, typed)}
${isTooLarge ? html`<div class="notice bad" role="alert"><p>${say('examine.too-large', { size: words.bytes(MAX_FORM) })}</p></div>` : ''}
${visit.account === undefined ? html`<div class="notice"><p>${say('examine.account')}</p><p><a class="button main" href="/sign-in?next=${next}">${say('nav.sign-in')}</a> <a class="button" href="/register?next=${next}">${say('register.title')}</a></p></div>` : ''}
<form method="post" action="/examine" enctype="multipart/form-data" class="narrow">
${field(words, typed, 'spec', 'examine.spec', { most: 300, says: 'examine.spec-says' })}
<div class="field"><label for="file">${say('examine.file')}</label><input id="file" name="file" type="file" aria-describedby="file-says"><p class="says" id="file-says">${say('examine.file-says')}</p></div>
<div class="field"><label><input type="checkbox" name="public"> ${say('examine.public')}</label></div>
<button class="main">${say('nav.examine')}</button></form>`,
  } as Page;
}

const ENDED = new Set(['done', 'failed', 'cancelled']);

/** An examination as it goes on; without script the page asks again by itself. */
export async function jobPage({ visit, client, params }: Asked): Promise<Page | Response> {
  const { words } = visit;
  const { say } = words;
  const job = await client.ask(jobs.read, { params: { job: params.job! } });
  if (job.state === 'done' && job.release !== undefined) return goOn(`/releases/${job.release}`);
  const isOver = ENDED.has(job.state);
  return {
    title: say('job.title'),
    ...(isOver ? {} : { again: 3 }),
    crumbs: [{ path: '/examine', text: say('nav.examine') }],
    body: html`<h1>${say('job.title')}</h1>
${facts([
  [say('head.state'), tag(words, 'job-state', job.state) as never],
  [say('job.progress'), job.progress === undefined ? undefined : shown(job.progress.says)],
  [say('job.attempt'), words.number(job.attempt)],
  [say('head.date'), words.time(new Date(job.created))],
  [say('job.why'), job.why === undefined ? undefined : shown(job.why)],
])}
${isOver ? html`<p><a class="button" href="/examine">${say('nav.examine')}</a></p>` : html`<p role="status">${say('job.wait')}</p>`}`,
  } as Page;
}
