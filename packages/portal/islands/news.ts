/** Live news: what becomes public is said as it does (server-sent events). */
export {};

interface Notice {
  readonly title?: string;
  readonly target?: string;
  readonly path?: string;
}

const live = document.querySelector('#live');
const KINDS = [
  'release.examined',
  'declaration.published',
  'advisory.published',
  'advisory.changed',
];

if (live !== null) {
  const source = new EventSource('/api/v1/events');
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      const notice = JSON.parse((event as MessageEvent<string>).data) as Notice;
      const line = document.createElement('a');
      line.href = location.pathname;
      line.textContent = notice.title ?? notice.target ?? kind;
      live.replaceChildren(line);
    });
  }
}
