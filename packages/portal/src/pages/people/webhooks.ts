import { type AnswerOf, mail, NOTICE_KINDS, subscriptions, webhooks } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Page, Visit } from '../../page/page.ts';
import { type Html, shownWithin } from '../../page/shown.ts';
import { wantedOf } from '../../parts/follow.ts';
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
import { subscribe, subscriptionPart } from './subscriptions.ts';

type Webhook = AnswerOf<typeof webhooks.list>['items'][number];

/** How one is told of what becomes public: digests by mail, and addresses to which it is sent (Standard Webhooks). */
export async function webhooksPage(asked: Asked): Promise<Page | Response> {
  const { visit } = asked;
  if (visit.account === undefined) return goOn(`/sign-in?next=${encodeURIComponent(visit.at)}`);
  return webhooksView(asked, NOTHING_TYPED, undefined);
}

export async function webhookAct(asked: Asked): Promise<Page | Response> {
  const { client, request } = asked;
  const fields = await fieldsOf(request);
  const params = { webhook: fields.id ?? '' };
  const back = () => goOn('/account/webhooks');
  let secret: string | undefined;
  const done = await tried(fields, async () => {
    switch (fields.act) {
      case 'mail':
        await client.ask(mail.ask, { body: { kinds: kindsIn(fields) } });
        return back();
      case 'mail-end':
        await client.ask(mail.end);
        return back();
      case 'subscribe':
        await subscribe(client, fields);
        return back();
      case 'unsubscribe':
        await client.ask(subscriptions.remove, { params: { subscription: fields.id ?? '' } });
        return back();
      case 'remove':
        await client.ask(webhooks.remove, { params });
        return back();
      case 'start':
        await client.ask(webhooks.start, { params });
        return back();
      case 'rotate':
        secret = (await client.ask(webhooks.rotate, { params })).secret;
        return new Response();
      default: {
        const body = { url: fields.url ?? '', kinds: kindsIn(fields) };
        secret = (await client.ask(webhooks.make, { body })).secret;
        return new Response();
      }
    }
  });
  if (!(done instanceof Response)) return webhooksView(asked, done, undefined);
  return secret === undefined ? done : webhooksView(asked, NOTHING_TYPED, secret);
}

function kindsIn(fields: Readonly<Record<string, string>>) {
  return NOTICE_KINDS.filter((kind) => fields[`kind-${kind}`] !== undefined);
}

async function webhooksView(
  { visit, client, url }: Asked,
  typed: Typed,
  secret: string | undefined,
): Promise<Page> {
  if (visit.account === undefined) return forbiddenPage(visit);
  const { words } = visit;
  const { say } = words;
  const [{ items }, followed, digests] = await Promise.all([
    client.ask(webhooks.list),
    client.ask(subscriptions.list),
    client.ask(mail.read).catch(() => undefined),
  ]);
  return {
    title: say('told.title'),
    status: typed.problem === undefined ? 200 : 400,
    crumbs: [{ path: '/account', text: visit.account.name }],
    body: html`<h1>${say('told.title')}</h1>
${faultNotice(words, typed)}
${subscriptionPart(words, followed.items, { hooks: items, wanted: wantedOf((name) => url.searchParams.get(name)), typed })}
<section aria-labelledby="mail"><h2 id="mail">${say('told.mail')}</h2>${mailPart(visit, digests)}</section>
<h2>${say('webhook.title')}</h2><p>${say('webhook.says')}</p>
${secret === undefined ? '' : html`<div class="notice good" role="status"><p>${say('webhook.once')}</p><p><code>${secret}</code></p></div>`}
${items.length === 0 ? empty(words, 'webhook.none') : webhookTable(visit, items)}
<form method="post" action="/account/webhooks" class="narrow">
${field(words, typed, 'url', 'webhook.url', { isRequired: true, most: 2000, says: 'webhook.url-says' })}
${kindBoxes(visit, NOTICE_KINDS)}
<button class="main">${say('webhook.make')}</button></form>`,
  } as Page;
}

function kindBoxes({ words }: Visit, chosen: readonly string[]) {
  return html`<fieldset><legend>${words.say('webhook.kinds')}</legend>${NOTICE_KINDS.map((kind) => html`<p><label><input type="checkbox" name="kind-${kind}" ${chosen.includes(kind) ? 'checked' : ''}> ${words.word('notice', kind)}</label></p>`)}</fieldset>`;
}

type Subscription = AnswerOf<typeof mail.read>;

function mailPart(visit: Visit, found: Subscription | undefined) {
  const { say } = visit.words;
  const state =
    found === undefined
      ? say('told.mail-off')
      : say(found.state === 'on' ? 'told.mail-on' : 'told.mail-asked', { email: found.email });
  return html`<p>${state}</p><form method="post" action="/account/webhooks" class="narrow"><input type="hidden" name="act" value="mail">${kindBoxes(visit, found?.kinds ?? NOTICE_KINDS)}<button>${say('told.mail-ask')}</button></form>${found === undefined ? '' : buttonForm('/account/webhooks', say('told.mail-end'), { act: 'mail-end' })}`;
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
