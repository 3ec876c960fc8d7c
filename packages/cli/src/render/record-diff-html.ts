import type { ChangedSide, RecordChange, RecordDiff } from '@avow/examine';
import { headlines, KIND_SAYS, notable, sayDelta } from './record-diff.ts';
import { sayGroup } from './record-words.ts';
import { shown } from './shown.ts';

/** Rows of the table; a page with more is no longer read. */
const MAX_ROWS = 2_000;
const MAX_RAW = 4_000;

/**
 * The diff of two updates as one page without scripts or anything loaded from
 * elsewhere. Texts of records are hostile: each is escaped, none is markup.
 */
export function recordDiffHtml(diff: RecordDiff, titles: readonly [string, string]): string {
  const changes = notable(diff);
  const rows = changes.slice(0, MAX_ROWS).map(row).join('\n');
  const more =
    changes.length > MAX_ROWS
      ? `<p>… ${changes.length - MAX_ROWS} records more that matter.</p>`
      : '';
  const unknown = diff.databases.reduce((sum, { new: now }) => sum + (now?.unknown ?? 0), 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(titles.join(' → '))}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid #8888}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:.85rem}
.critical{color:#b00020;font-weight:700}.high{color:#a34700;font-weight:700}.alarm{border:3px solid #b00020;padding:1rem}
</style></head><body>
<h1>${escaped(titles.join(' → '))}</h1>
${diff.alarms.map(({ message }) => `<p class="alarm" role="alert">${escaped(message)}</p>`).join('')}
<p><strong>${escaped(headlines(diff).join(' '))}</strong></p>
<ul>${diff.delta
    .filter(({ rank, gained, lost }) => rank !== 'low' && gained !== lost)
    .map((delta) => `<li class="${delta.rank}">${escaped(sayDelta(delta))}</li>`)
    .join('')}</ul>
<table><caption>Records that matter</caption>
<thead><tr><th scope="col">Rank</th><th scope="col">Change</th><th scope="col">Place</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
<tbody>
${rows}
</tbody></table>${more}
<h2>Totals</h2><ul>${Object.entries(diff.totals)
    .filter(([, count]) => count > 0)
    .map(
      ([kind, count]) => `<li>${count} ${escaped(KIND_SAYS[kind as keyof typeof KIND_SAYS])}</li>`,
    )
    .join('')}</ul>
<p>${unknown} records could not be read.</p>
</body></html>
`;
}

function row({ kinds, rank, old, new: now }: RecordChange): string {
  const { record } = (now ?? old)!;
  const place = `${record.member}:${record.line}${record.id === '' ? '' : ` ${record.id}`}`;
  return `<tr><td class="${rank}">${rank}</td><td>${escaped(kinds.map((kind) => KIND_SAYS[kind]).join(', '))}</td><td>${escaped(place)}</td><td>${side(old)}</td><td>${side(now)}</td></tr>`;
}

function side(of: ChangedSide | undefined): string {
  if (of === undefined) return '–';
  const does = [...new Set(of.features.map((feature) => sayGroup(feature)))].join('; ');
  const revision = of.record.revision === undefined ? '' : ` · revision ${of.record.revision}`;
  return `${escaped(does + revision)}<pre>${of.record.raw.slice(0, MAX_RAW).split('\n').map(escaped).join('\n')}</pre>`;
}

/** Control characters and bidi marks are shown, not obeyed; what HTML reads is escaped. */
function escaped(text: string): string {
  return shown(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
