import type { ValueRecord } from '@avow/formats/record';
import { hostOf } from './adblock.ts';
import type { RecordFeature } from './model.ts';
import type { Sight } from './sight.ts';

type Fields = Readonly<Record<string, unknown>>;

function label(target: string): string {
  return `detects access to ${target} texts in events; reports only`;
}

/** A Sigma rule reads events that were logged already, and reports. */
export function sigmaFeatures(record: ValueRecord, sight: Sight): readonly RecordFeature[] {
  const { value } = record;
  const source = (value['logsource'] ?? {}) as Fields;
  const sighting = sight.seen(record.literals());
  const isQuiet = value['level'] === 'informational';
  const about = {
    target: 'host',
    visibility: isQuiet ? 'silent' : 'logged',
    destination: 'local',
    reach: record.enabled ? 'platform' : 'off',
  } as const;
  const decided = [
    `logsource ${source['category'] ?? source['service'] ?? source['product'] ?? '?'}`,
  ];
  const alert: RecordFeature = {
    ...about,
    action: isQuiet ? 'silent' : 'alert',
    decided: [...decided, ...(sighting === undefined ? [] : [sighting.decided])],
    ...(sighting === undefined || sighting.target === 'keyword'
      ? {}
      : { label: label(sighting.target) }),
    ...(sighting?.target === 'keyword' ? { target: 'keyword' as const } : {}),
  };
  const fields = value['fields'];
  if (!Array.isArray(fields) || fields.length === 0) return [alert];
  return [
    alert,
    {
      ...about,
      action: 'log-content',
      visibility: 'logged',
      decided: [`fields ${fields.join(', ').slice(0, 120)}`],
      label: 'names fields for the analyst to look at',
    },
  ];
}

/** Fields of Falco events that hold what users typed or what files and packets hold. */
const CONTENT =
  /%(?:proc\.(?:cmdline|pcmdline|aname|args|env)|evt\.(?:buffer|args|arg\.data)|fd\.name|ka\.req\.\S+|user\.name)/g;
const TYPED = /cmdline|args|buffer|data|env/;

/** A Falco rule reports system calls; its output says what of them it logs. */
export function falcoFeatures(record: ValueRecord, sight: Sight): readonly RecordFeature[] {
  const { value } = record;
  const about = {
    target: 'host',
    visibility: 'logged',
    destination: 'local',
    reach: record.enabled ? 'all' : 'off',
  } as const;
  if (record.kind !== 'rule')
    return [
      {
        ...about,
        action: 'silent',
        visibility: 'silent',
        decided: [`${record.kind}: part of rules`],
        label: 'a part of rules; reports nothing by itself',
      },
    ];
  const sighting = sight.seen(record.literals());
  const features: RecordFeature[] = [];
  if (value['capture'] === true)
    features.push({
      ...about,
      action: 'store-copy',
      visibility: 'silent',
      decided: ['capture: true'],
    });
  const logged = [...new Set(String(value['output'] ?? '').match(CONTENT) ?? [])].filter((one) =>
    TYPED.test(one),
  );
  if (logged.length > 0)
    features.push({ ...about, action: 'log-content', decided: [`output ${logged.join(' ')}`] });
  const priority = String(value['priority'] ?? '');
  features.push({
    ...about,
    action: 'alert',
    decided: [`priority ${priority}`, ...(sighting === undefined ? [] : [sighting.decided])],
    ...(sighting === undefined ? {} : { label: label(sighting.target) }),
  });
  return features;
}

/** An autoconsent rule acts in pages in the user's name: it clicks, hides or runs code of the extension's. */
export function autoconsentFeatures(record: ValueRecord): readonly RecordFeature[] {
  const about = {
    target: 'page',
    visibility: 'silent',
    destination: 'none',
    reach: 'domains',
  } as const;
  const steps = new Set<string>();
  gatherSteps(record.value, 0, steps);
  const features: RecordFeature[] = [];
  const evals = [...steps].filter((step) => step === 'eval' || step.startsWith('eval '));
  if (evals.length > 0) features.push({ ...about, action: 'inject', decided: evals.slice(0, 4) });
  const acts = ['click', 'waitForThenClick', 'hide', 'setStyle', 'addStyle', 'removeClass'].filter(
    (step) => steps.has(step),
  );
  if (acts.length > 0 || features.length === 0)
    features.push({
      ...about,
      action: 'rewrite',
      decided: acts.length > 0 ? acts : ['prehideSelectors'],
    });
  return features;
}

function gatherSteps(value: unknown, depth: number, into: Set<string>): void {
  if (depth > 24 || value === null || typeof value !== 'object') return;
  for (const [key, one] of Object.entries(value)) {
    if (!Array.isArray(value))
      into.add(key === 'eval' && typeof one === 'string' ? `eval ${one.slice(0, 60)}` : key);
    gatherSteps(one, depth + 1, into);
  }
}

/** Tables of osquery that hold what is confidential, and what reading them is. */
const TABLES: readonly (readonly [
  RegExp,
  RecordFeature['target'],
  NonNullable<RecordFeature['source']> | undefined,
])[] = [
  [/\b(?:user_ssh_keys|ssh_configs|authorized_keys)\b/i, 'credential', 'cred.ssh-pgp'],
  [/\b(?:keychain_items|keychain_acls|certificates|shadow)\b/i, 'credential', 'cred.os-store'],
  [/\b(?:shell_history|\w*_history)\b/i, 'host', 'process.inspect'],
  [
    /\b(?:chrome_extensions|firefox_addons|safari_extensions|browser_plugins)\b/i,
    'browsing',
    undefined,
  ],
  [/\b(?:carves|file|yara|mdfind|spotlight)\b/i, 'document', undefined],
];

/** An osquery query sends its rows to whoever runs the fleet. */
export function osqueryFeatures(record: ValueRecord): readonly RecordFeature[] {
  const query = String(record.value['query'] ?? '').slice(0, 100_000);
  const table = TABLES.find(([form]) => form.test(query));
  const about = {
    target: table?.[1] ?? 'host',
    visibility: 'silent',
    destination: 'vendor',
    reach: 'platform',
    ...(table?.[2] === undefined ? {} : { source: table[2] }),
  } as const;
  const name = table?.[0].exec(query)?.[0] ?? 'tables of the host';
  const features: RecordFeature[] = [
    { ...about, action: 'log-content', decided: [`query of ${name}`] },
  ];
  if (/\bcarve\s*=\s*1\b/i.test(query) || /\bcarve\s*\(/i.test(query))
    features.push({
      ...about,
      target: 'document',
      action: 'send',
      carries: 'verbatim',
      decided: ['carve: whole files'],
    });
  const url = /\bcurl\b[\s\S]{0,2000}?\burl\s*=\s*['"]([^'"]+)/i.exec(query)?.[1];
  if (/\bfrom\s+curl\b/i.test(query))
    features.push({
      ...about,
      target: 'host',
      action: 'send',
      destination: 'third-party',
      carries: 'address',
      ...(url === undefined ? {} : { recipient: hostOf(url) }),
      decided: ['table curl'],
    });
  return features;
}
