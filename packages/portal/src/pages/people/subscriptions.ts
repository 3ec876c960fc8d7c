import { type AnswerOf, NOTICE_KINDS, subscriptions, type webhooks } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Ask } from '../../ask.ts';
import { type Html, shown, shownWithin } from '../../page/shown.ts';
import { FEED_NAMES, WANTED, type Wanted, wantedOf } from '../../parts/follow.ts';
import { buttonForm, field, type Typed } from '../../parts/forms.ts';
import { empty, table } from '../../parts/lists.ts';
import type { Words } from '../../words/words.ts';

type Subscription = AnswerOf<typeof subscriptions.list>['items'][number];
type Webhook = AnswerOf<typeof webhooks.list>['items'][number];
type Fields = Readonly<Record<string, string>>;

const ACTION = '/account/webhooks';

/** Makes a subscription of what a form says. */
export async function subscribe(client: Ask, fields: Fields): Promise<void> {
  const { product, ...rest } = wantedOf((name) => fields[name]);
  const kinds = NOTICE_KINDS.filter((kind) => fields[`kind-${kind}`] !== undefined);
  const webhook = fields.webhook ?? '';
  await client.ask(subscriptions.make, {
    body: {
      kinds: kinds.length === 0 ? [...NOTICE_KINDS] : kinds,
      wanted: { ...rest, ...(product === undefined ? {} : { product: Number(product) }) },
      mail: fields.mail !== undefined,
      ...(webhook === '' ? {} : { webhook }),
    },
  });
}

/** What one is told of, and the form for more; `wanted` is what the page that led here is about. */
export function subscriptionPart(
  words: Words,
  items: readonly Subscription[],
  {
    hooks,
    wanted,
    typed,
  }: { readonly hooks: readonly Webhook[]; readonly wanted: Wanted; readonly typed: Typed },
): Html {
  const { say } = words;
  const values = { ...wanted, ...typed.values } as Record<string, string>;
  const filled: Typed = { ...typed, values };
  return html`<section aria-labelledby="subscribe"><h2 id="subscribe">${say('follow.title')}</h2><p>${say('follow.says')}</p>
${items.length === 0 ? empty(words, 'follow.none') : subscriptionTable(words, items)}
<form method="post" action="${ACTION}" class="narrow"><input type="hidden" name="act" value="subscribe">
${field(words, filled, 'product', 'follow.product', { most: 16, says: 'follow.product-says' })}
${field(words, filled, 'maker', 'product.maker', { most: 64 })}
${field(words, filled, 'host', 'follow.host', { most: 253, says: 'follow.host-says' })}
${field(words, filled, 'feature', 'follow.feature', { most: 60, says: 'follow.feature-says' })}
<fieldset><legend>${say('webhook.kinds')}</legend>${NOTICE_KINDS.map((kind) => html`<p><label><input type="checkbox" name="kind-${kind}" checked> ${words.word('notice', kind)}</label></p>`)}</fieldset>
<p><label><input type="checkbox" name="mail" ${values.mail === undefined ? '' : 'checked'}> ${say('follow.mail')}</label></p>
${hooks.length === 0 ? '' : html`<div class="field"><label for="webhook">${say('follow.webhook')}</label><select id="webhook" name="webhook"><option value="">–</option>${hooks.map(({ id, url }) => html`<option value="${id}">${url}</option>`)}</select></div>`}
<button class="main">${say('follow.make')}</button></form></section>` as Html;
}

function subscriptionTable(words: Words, items: readonly Subscription[]) {
  const { say } = words;
  const rows = items.map(({ id, wanted, kinds, mail, webhook, feeds }) => [
    html`<ul class="plain">${WANTED.filter((name) => wanted[name] !== undefined).map((name) => html`<li>${say(`follow.is-${name}`)} ${shownWithin(String(wanted[name]), 80)}</li>`)}</ul>` as Html,
    kinds.map((kind) => words.word('notice', kind)).join(', '),
    html`${mail ? html`${say('told.mail')}<br>` : ''}${webhook === undefined ? '' : html`${shown(say('follow.by-webhook'))}<br>`}<a href="${pathOf(feeds.atom)}">${FEED_NAMES.atom}</a> <a href="${pathOf(feeds.json)}">${FEED_NAMES.json}</a>` as Html,
    buttonForm(ACTION, say('account.remove'), { act: 'unsubscribe', id }),
  ]);
  const heads = [
    say('follow.what'),
    say('webhook.kinds'),
    say('follow.how'),
    say('webhook.change'),
  ];
  return table(say('follow.title'), heads, rows);
}

/** Feeds are of this site: their paths are enough. */
function pathOf(address: string): string {
  const url = new URL(address, 'http://portal.invalid');
  return url.pathname + url.search;
}
