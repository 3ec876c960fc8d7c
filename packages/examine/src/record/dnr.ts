import type { ValueRecord } from '@avow/formats/record';
import { hostOf } from './adblock.ts';
import type { RecordFeature } from './model.ts';
import { letsEverythingIn, mayLetInMore } from './policy.ts';
import type { Sight } from './sight.ts';

function feature(
  target: RecordFeature['target'],
  action: RecordFeature['action'],
  decided: string,
  more: Partial<RecordFeature> = {},
): RecordFeature {
  return {
    target,
    action,
    visibility: 'silent',
    destination: 'none',
    reach: 'all',
    decided: [decided],
    ...more,
  };
}

const BLOCK = [feature('browsing', 'block', 'action block')];
const ALLOW = [feature('browsing', 'suppress', 'action allow')];
const UPGRADE = [feature('browsing', 'rewrite', 'action upgradeScheme')];
const LOCAL = [feature('browsing', 'rewrite', 'redirect to a resource of the extension')];
const OFF: ReadonlyMap<readonly RecordFeature[], readonly RecordFeature[]> = new Map(
  [BLOCK, ALLOW, UPGRADE, LOCAL].map((list) => [
    list,
    list.map((one) => ({ ...one, reach: 'off' as const })),
  ]),
);

/** What a declarativeNetRequest rule does to the one who browses. */
export function dnrFeatures(record: ValueRecord, sight: Sight): readonly RecordFeature[] {
  const features = ofAction(record, sight);
  if (record.enabled) return features;
  return OFF.get(features) ?? features.map((one) => ({ ...one, reach: 'off' as const }));
}

function ofAction(record: ValueRecord, sight: Sight): readonly RecordFeature[] {
  const action = record.value['action'] as Readonly<Record<string, unknown>> | undefined;
  switch (record.kind) {
    case 'block':
      return BLOCK;
    case 'allow':
    case 'allowAllRequests':
      return ALLOW;
    case 'upgradeScheme':
      return UPGRADE;
    case 'redirect':
      return ofRedirect((action?.['redirect'] ?? {}) as Readonly<Record<string, unknown>>);
    case 'modifyHeaders':
      return ofHeaders(action ?? {}, sight);
    default:
      return [feature('undisclosed', 'undisclosed', `action ${record.kind}`)];
  }
}

function ofRedirect(redirect: Readonly<Record<string, unknown>>): readonly RecordFeature[] {
  const { url, transform, regexSubstitution } = redirect;
  if (typeof url === 'string' && /^https?:/.test(url))
    return [elsewhere('redirect.url', hostOf(url))];
  const host = (transform as { host?: unknown } | undefined)?.host;
  if (typeof host === 'string') return [elsewhere('redirect.transform.host', host)];
  if (typeof regexSubstitution === 'string') {
    const to = hostOf(regexSubstitution);
    return to.includes('\\') || to === regexSubstitution.slice(0, 80)
      ? [
          feature(
            'browsing',
            'rewrite',
            `redirect.regexSubstitution ${regexSubstitution.slice(0, 60)}`,
          ),
        ]
      : [elsewhere('redirect.regexSubstitution', to)];
  }
  return transform === undefined ? LOCAL : [feature('browsing', 'rewrite', 'redirect.transform')];
}

function elsewhere(decided: string, recipient: string): RecordFeature {
  return feature('browsing', 'send', decided, {
    destination: 'third-party',
    carries: 'name',
    recipient,
  });
}

interface HeaderChange {
  readonly header?: unknown;
  readonly operation?: unknown;
  readonly value?: unknown;
}

function ofHeaders(
  action: Readonly<Record<string, unknown>>,
  sight: Sight,
): readonly RecordFeature[] {
  const response = (action['responseHeaders'] ?? []) as readonly HeaderChange[];
  const request = (action['requestHeaders'] ?? []) as readonly HeaderChange[];
  const found = [
    ...(Array.isArray(response) ? response : []).map((change) => ofResponseHeader(change, sight)),
    ...(Array.isArray(request) ? request : []).map(({ header, operation }) =>
      feature('browsing', 'rewrite', `request header ${header} ${operation}`),
    ),
  ];
  return found.length === 0 ? [feature('browsing', 'rewrite', 'modifyHeaders')] : found;
}

/** A header that protects is gone or lets in more; one that grants is there and did not have to be. */
function isWeakened(name: string, operation: unknown, value: string, sight: Sight): boolean {
  if (sight.grantingHeaders.has(name)) return operation !== 'remove' && mayLetInMore(value);
  if (!sight.securityHeaders.has(name)) return false;
  if (operation === 'remove') return true;
  return operation === 'append' ? letsEverythingIn(value) : mayLetInMore(value);
}

function ofResponseHeader({ header, operation, value }: HeaderChange, sight: Sight): RecordFeature {
  const name = String(header).toLowerCase();
  const says = `response header ${name} ${operation}`;
  const weakens = isWeakened(name, operation, String(value ?? ''), sight);
  return weakens
    ? feature(
        'page',
        'weaken',
        value === undefined ? says : `${says} ${String(value).slice(0, 80)}`,
      )
    : feature('page', 'rewrite', says);
}
