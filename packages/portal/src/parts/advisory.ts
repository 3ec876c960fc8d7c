import type { AnswerOf, advisories } from '@avow/server/contract';
import { html } from 'hono/html';
import type { Html } from '../page/shown.ts';

type Advisory = AnswerOf<typeof advisories.list>['items'][number];

/** `avow-2026-0012` is of case 12. */
export function caseOfAdvisory(id: string): string | undefined {
  const number = /-0*([1-9]\d*)$/.exec(id)?.[1];
  return number === undefined ? undefined : `case-${number}`;
}

/** Every form in which an advisory is published, beside its CSAF document. */
export function advisoryForms({ csaf }: Advisory): readonly { name: string; path: string }[] {
  const root = csaf.slice(0, csaf.indexOf('/white/'));
  const file = csaf.slice(csaf.lastIndexOf('/') + 1);
  return [
    { name: 'CSAF 2.0', path: csaf },
    { name: 'OpenVEX', path: `${root}/openvex/${file}` },
    { name: 'SARIF', path: `${root}/sarif/${file.replace(/\.json$/, '.sarif')}` },
    { name: 'OSV', path: `${root}/osv/${file}` },
  ];
}

/** The forms as links; their names are the same in every language. */
export function advisoryLinks(advisory: Advisory): Html {
  return html`<ul class="row">${advisoryForms(advisory).map(({ name, path }) => html`<li><a href="${path}">${name}</a></li>`)}</ul>` as Html;
}
