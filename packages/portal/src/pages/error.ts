import { ServiceRefused } from '@avow/server/client';
import { html } from 'hono/html';
import type { Page, Visit } from '../page/page.ts';
import { searchForm } from '../page/page.ts';
import { shown } from '../page/shown.ts';
import type { MessageId } from '../words/words.ts';

/** Nothing is at an address: what to do next. */
export function absentPage(visit: Visit): Page {
  return said(visit, 404, 'error.absent', visit.words.say('error.absent-says'));
}

/** Not for this visitor. */
export function forbiddenPage(visit: Visit): Page {
  return said(visit, 403, 'error.forbidden', visit.words.say('error.forbidden-says'));
}

/** Our own fault; what it was is in the log, under the request's number. */
export function faultPage(visit: Visit, error: Error): Page {
  const request = error instanceof ServiceRefused ? error.problem.request : '–';
  return said(visit, 500, 'error.fault', visit.words.say('error.fault-says', { request }));
}

/** The API said no: in the words of pages, with what it said of the request's faults. */
export function problemPage(visit: Visit, problem: ServiceRefused): Page {
  const { say } = visit.words;
  switch (problem.status) {
    case 404:
      return absentPage(visit);
    case 401:
    case 403:
      return forbiddenPage(visit);
    case 429:
      return said(visit, 429, 'error.slow', say('error.slow-says'));
    default:
      if (problem.status >= 500) return faultPage(visit, problem);
      return said(visit, problem.status === 413 ? 413 : 400, 'error.bad', problem.found);
  }
}

function said(visit: Visit, status: Page['status'] & {}, title: MessageId, text: string): Page {
  const { say } = visit.words;
  return {
    title: say(title),
    status,
    body: html`<h1>${say(title)}</h1><p>${shown(text)}</p>
${searchForm(visit, 'error-search')}
<p><a class="button" href="/">${say('error.front')}</a></p>`,
  } as Page;
}
