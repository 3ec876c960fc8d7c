/** Live news: what becomes public is said as it does, and leads to where it is (server-sent events). */
export {};

interface Notice {
  readonly release?: number;
  readonly target?: string;
  readonly case?: string;
  readonly product?: string;
}

const live = document.querySelector<HTMLElement>('#live');
const KINDS = [
  'release.examined',
  'declaration.published',
  'advisory.published',
  'advisory.changed',
];

function pathOf({ release, case: found }: Notice): string {
  if (release !== undefined) return `/releases/${release}`;
  return found === undefined ? '/news' : `/cases/${found}`;
}

if (live !== null) {
  const source = new EventSource('/api/v1/events');
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      const notice = JSON.parse((event as MessageEvent<string>).data) as Notice;
      const what = notice.target ?? notice.product ?? notice.case ?? kind;
      const line = document.createElement('a');
      line.href = pathOf(notice);
      line.textContent = (live.dataset.says ?? '').replace('{what}', what) || what;
      live.replaceChildren(line);
    });
  }
}
