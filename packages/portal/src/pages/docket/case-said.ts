import type { AnswerOf, cases } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Visit } from '../../page/page.ts';
import { type Html, shown } from '../../page/shown.ts';
import { tag } from '../../parts/tags.ts';
import type { Words } from '../../words/words.ts';

type Case = AnswerOf<typeof cases.read>;
type Statement = Case['statements'][number];

/** The maker's words and the others', side by side; staff hide what should not be read, with a reason. */
export function statements({ words, account }: Visit, one: Case): Html {
  const moderated = account?.isStaff === true ? `/cases/${one.id}` : undefined;
  const column = (isVendor: boolean, title: 'case.maker' | 'case.others') => {
    const all = one.statements.filter(({ by }) => (by.role === 'vendor') === isVendor);
    return html`<section><h3>${words.say(title)}</h3>${
      all.length === 0
        ? html`<p class="quiet">${words.say('case.silent')}</p>`
        : html`<ol class="line">${all.map((said) => html`<li>${statement(words, said)}${moderated === undefined ? '' : moderationForm(words, said, moderated)}</li>`)}</ol>`
    }</section>`;
  };
  return html`<div class="columns even">${column(true, 'case.maker')}${column(false, 'case.others')}</div>` as Html;
}

function statement(words: Words, { by, stance, at, text, locator, hidden }: Statement) {
  const { say } = words;
  const place =
    locator === undefined
      ? ''
      : html`<p><a class="mono small" href="/places?at=${encodeURIComponent(locator)}">${shown(locator)}</a></p>`;
  return html`<strong>${shown(by.name ?? words.word('role', by.role))}</strong>${stance === undefined ? '' : html` ${tag(words, 'stance', stance)}`} <span class="quiet small">${words.time(new Date(at))}</span>
${hidden === undefined ? '' : html`<p class="quiet">${shown(say('case.hidden', { reason: hidden.reason, time: words.time(new Date(hidden.at)) }))}</p>`}${text === '' ? '' : html`<p class="said">${said(text)}</p>`}${place}`;
}

/** What somebody wrote; its line ends are its own. */
function said(text: string) {
  return text.split('\n').map((line, at) => html`${at === 0 ? '' : '\n'}${shown(line)}`);
}

function moderationForm({ say }: Words, { number, hidden }: Statement, action: string) {
  const isHidden = hidden !== undefined;
  const label = say(isHidden ? 'case.show' : 'case.hide');
  return html`<details class="screen"><summary>${label}</summary><form method="post" action="${action}"><input type="hidden" name="act" value="moderate"><input type="hidden" name="what" value="${number}"><input type="hidden" name="hide" value="${isHidden ? 'no' : 'yes'}"><div class="field"><label for="reason-${number}">${say('case.reason')}</label><input id="reason-${number}" name="reason" required maxlength="1000"></div><button>${label}</button></form></details>`;
}
