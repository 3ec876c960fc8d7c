import { type AnswerOf, NOTICE_KINDS, webhooks } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import {
  buttonForm,
  faultNotice,
  field,
  fieldsOf,
  goOn,
  NOTHING_TYPED,
  type Typed,
  tried,
} from '../../parts/forms.ts';
import { empty, table } from '../../parts/lists.ts';
import { forbiddenPage } from '../error.ts';
import type { Asked } from '../route.ts';

type Webhook = AnswerOf<typeof webhooks.list>['items'][number];

/** Addresses to which news are sent (Standard Webhooks). */
export async function webhooksPage(asked: Asked): Promise<Page> {
  return webhooksView(asked, NOTHING_TYPED, undefined);
}

export async function webhookAct(asked: Asked): Promise<Page | Response> {
  const { client, request } = asked;
  const fields = await fieldsOf(request);
  const params = { webhook: fields.id ?? '' };
  let secret: string | undefined;
  const done = await tried(fields, async () => {
    switch (fields.act) {
      case 'remove':
        await client.ask(webhooks.remove, { params });
        return goOn('/account/webhooks');
      case 'start':
        await client.ask(webhooks.start, { params });
        return goOn('/account/webhooks');
      case 'rotate':
        secret = (await client.ask(webhooks.rotate, { params })).secret;
        return new Response();
      default: {
        const kinds = NOTICE_KINDS.filter((kind) => fields[`kind-${kind}`] !== undefined);
        const body = { url: fields.url ?? '', kinds };
        secret = (await client.ask(webhooks.make, { body })).secret;
        return new Response();
      }
    }
  });
  if (!(done instanceof Response)) return webhooksView(asked, done, undefined);
  return secret === undefined ? done : webhooksView(asked, NOTHING_TYPED, secret);
}

async function webhooksView(
  { visit, client }: Asked,
  typed: Typed,
  secret: string | undefined,
): Promise<Page> {
  if (visit.account === undefined) return forbiddenPage(visit);
  const { words } = visit;
  const { say } = words;
  const { items } = await client.ask(webhooks.list);
  return {
    title: say('webhook.title'),
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [{ path: '/account', text: visit.account.name }],
    body: html`<h1>${say('webhook.title')}</h1><p>${say('webhook.says')}</p>
${faultNotice(words, typed)}
${secret === undefined ? '' : html`<div class="notice good" role="status"><p>${say('webhook.once')}</p><p><code>${secret}</code></p></div>`}
${items.length === 0 ? empty(words, 'webhook.none') : webhookTable(visit, items)}
<form method="post" action="/account/webhooks" class="narrow">
${field(words, typed, 'url', 'webhook.url', { isRequired: true, most: 2000, says: 'webhook.url-says' })}
<fieldset><legend>${say('webhook.kinds')}</legend>${NOTICE_KINDS.map((kind) => html`<p><label><input type="checkbox" name="kind-${kind}" checked> ${words.word('notice', kind)}</label></p>`)}</fieldset>
<button class="main">${say('webhook.make')}</button></form>`,
  } as Page;
}

function webhookTable({ words }: Visit, items: readonly Webhook[]) {
  const { say } = words;
  const action = '/account/webhooks';
  const rows = items.map((one) => [
    html`<code class="small">${shownWithin(one.url, 120)}</code>` as Html,
    one.kinds.map((kind) => words.word('notice', kind)).join(', '),
    html`${words.word('webhook-state', one.state)}${one.failures === 0 ? '' : html`, ${say('webhook.failures', { n: one.failures })}`}` as Html,
    html`${one.state === 'off' ? buttonForm(action, say('webhook.start'), { act: 'start', id: one.id }) : ''}${buttonForm(action, say('webhook.rotate'), { act: 'rotate', id: one.id })}${buttonForm(action, say('account.remove'), { act: 'remove', id: one.id })}` as Html,
  ]);
  return table(
    say('webhook.title'),
    [say('webhook.url'), say('webhook.kinds'), say('head.state'), say('webhook.change')],
    rows,
  );
}
