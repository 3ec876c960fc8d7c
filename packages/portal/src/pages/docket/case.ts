import { type AnswerOf, cases, moderations } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page } from '../../page/page.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import { fieldsOf, goOn, NOTHING_TYPED, tried } from '../../parts/forms.ts';
import { empty, pages, table } from '../../parts/lists.ts';
import { tag } from '../../parts/tags.ts';
import type { Words } from '../../words/words.ts';
import type { Asked } from '../route.ts';
import { OUTCOMES, STANCES } from './case-actions.ts';
import { caseView } from './case-view.ts';

type Case = AnswerOf<typeof cases.read>;

/** Cases that the visitor may see. */
export async function casesPage({ visit, client, url }: Asked): Promise<Page> {
  const { words } = visit;
  const { say } = words;
  const after = url.searchParams.get('after') ?? undefined;
  const { items, next } = await client.ask(
    cases.list,
    after === undefined ? {} : { query: { after } },
  );
  return {
    title: say('front.cases'),
    crumbs: [{ path: '/claims', text: say('nav.claims') }],
    body: html`<h1>${say('front.cases')}</h1>
${items.length === 0 ? empty(words, 'cases.empty') : caseTable(words, items)}
${pages(words, visit.at, next)}`,
  } as Page;
}

export function caseTable(words: Words, items: readonly Case[]): Html {
  const { say } = words;
  const rows = items.map((one) => [
    html`<a href="/cases/${one.id}">${one.id}</a>` as Html,
    tag(words, 'case-state', one.state) as Html,
    one.verdict === undefined ? '–' : (tag(words, 'outcome', one.verdict.outcome) as Html),
    html`${shownWithin(one.said, 120)}<br><span class="mono small">${shownWithin(one.locator, 160)}</span>` as Html,
    words.time(new Date(one.updated)),
  ]);
  const heads = [
    say('head.id'),
    say('head.state'),
    say('case.verdict'),
    say('head.what'),
    say('head.date'),
  ];
  return table(say('front.cases'), heads, rows) as Html;
}

/** One case: both sides, the runs that anyone can repeat, the verdict. */
export async function casePage(asked: Asked): Promise<Page> {
  const { client, params } = asked;
  const one = await client.ask(cases.read, { params: { case: params.case! } });
  return caseView(asked, one, NOTHING_TYPED);
}

/** A step in a case. The API says who may make it. */
export async function caseAct(asked: Asked): Promise<Page | Response> {
  const { client, params, request } = asked;
  const fields = await fieldsOf(request);
  const id = { params: { case: params.case! } };
  const done = await tried(fields, async () => {
    await act(client, id, fields);
    return goOn(`/cases/${params.case}`);
  });
  if (done instanceof Response) return done;
  return caseView(asked, await client.ask(cases.read, id), done);
}

async function act(
  client: Asked['client'],
  id: { readonly params: { readonly case: string } },
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const { text = '', summary = '', stance, locator } = fields;
  switch (fields.act) {
    case 'state': {
      const said = STANCES.find((one) => one === stance);
      const body = {
        text,
        ...(said === undefined ? {} : { stance: said }),
        ...(locator === undefined || locator === '' ? {} : { locator }),
      };
      await client.ask(cases.state, { ...id, body });
      return;
    }
    case 'propose': {
      const outcome = OUTCOMES.find((one) => one === fields.outcome) ?? 'unknown';
      await client.send(cases.propose, { ...id, body: { outcome, summary } as never });
      return;
    }
    case 'run':
      await client.send(cases.run, id);
      return;
    case 'moderate': {
      const { what, hide, reason = '' } = fields;
      const body = { what: Number(what), isHidden: hide === 'yes', reason };
      await client.ask(moderations.inCase, { ...id, body });
      return;
    }
    case 'publish':
      await client.send(cases.publish, { ...id, body: {} as never });
      return;
    case 'take':
    case 'notify':
    case 'approve':
      await client.send(cases[fields.act], id);
      return;
    default:
  }
}
