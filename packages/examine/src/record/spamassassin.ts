import type { Carries } from '@avow/declare';
import { type SpamRule, settingKind } from '@avow/formats/record';
import type { RecordFeature } from './model.ts';
import type { Sight } from './sight.ts';

/** What a plugin's function asks the network, by its name (Mail::SpamAssassin::Plugin::*, 4.0). */
interface Lookup {
  readonly carries: Carries;
  /** Argument that holds the zone; undefined where it has a fixed recipient. */
  readonly zone?: number;
  readonly recipient?: string;
  readonly via: 'name-server' | 'third-party';
}

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  check_hashbl_emails: { carries: 'digest', zone: 0, via: 'name-server' },
  check_hashbl_uris: { carries: 'digest', zone: 0, via: 'name-server' },
  check_hashbl_bodyre: { carries: 'digest', zone: 0, via: 'name-server' },
  check_hashbl_tag: { carries: 'digest', zone: 0, via: 'name-server' },
  check_hashbl_attachments: { carries: 'digest', zone: 0, via: 'name-server' },
  check_rbl: { carries: 'address', zone: 1, via: 'name-server' },
  check_rbl_txt: { carries: 'address', zone: 1, via: 'name-server' },
  check_rbl_accreditor: { carries: 'address', zone: 1, via: 'name-server' },
  check_rbl_envfrom: { carries: 'name', zone: 1, via: 'name-server' },
  check_rbl_from_host: { carries: 'name', zone: 1, via: 'name-server' },
  check_rbl_from_domain: { carries: 'name', zone: 1, via: 'name-server' },
  check_rbl_ns_from: { carries: 'name', zone: 1, via: 'name-server' },
  check_rbl_rcvd: { carries: 'name', zone: 1, via: 'name-server' },
  check_rbl_headers: { carries: 'address', zone: 1, via: 'name-server' },
  check_razor2: { carries: 'digest', recipient: 'razor (cloudmark.com)', via: 'third-party' },
  check_razor2_range: { carries: 'digest', recipient: 'razor (cloudmark.com)', via: 'third-party' },
  check_pyzor: { carries: 'digest', recipient: 'public.pyzor.org', via: 'third-party' },
  check_dcc: { carries: 'digest', recipient: 'dcc (dcc-servers.net)', via: 'third-party' },
  check_dcc_reputation_range: {
    carries: 'digest',
    recipient: 'dcc (dcc-servers.net)',
    via: 'third-party',
  },
  short_url_tests: {
    carries: 'verbatim',
    recipient: 'the URL shorteners named',
    via: 'third-party',
  },
};

/** The digest is left out when the options of HashBL say `raw`. */
const HASHBL = /^check_hashbl_/;

const ZONE_LINES = /^(?:urirhs|urinsrhs|urifullnsrhs|uridns)/;

function base(rule: SpamRule, decided: string): Omit<RecordFeature, 'target' | 'action'> {
  return {
    visibility: 'shown',
    destination: 'local',
    reach: rule.enabled ? 'all' : 'off',
    decided: [decided],
  };
}

/** What a test or setting does to mail. */
export function spamassassinFeatures(rule: SpamRule, sight: Sight): readonly RecordFeature[] {
  if (!rule.isTest) return ofSetting(rule);
  const sends = lookupOf(rule);
  if (sends !== undefined) return [sends];
  if (rule.id.startsWith('__')) {
    return [
      {
        ...base(rule, `${rule.kind} ${rule.id.slice(0, 2)}: part of other tests`),
        target: 'message',
        action: 'silent',
        visibility: 'silent',
        destination: 'none',
        label: 'a part of other tests; reports nothing and sends nothing by itself',
      },
    ];
  }
  const regex = rule.regex;
  const sighting = regex === undefined ? undefined : sight.inRegex(regex.source);
  const decided = sighting?.decided ?? `${rule.kind} test with a score`;
  return [
    {
      ...base(rule, decided),
      target: sighting === undefined ? 'message' : sighting.target,
      action: 'alert',
    },
  ];
}

function lookupOf(rule: SpamRule): RecordFeature | undefined {
  const words = rule.rest.split(/\s+/);
  if (ZONE_LINES.test(rule.kind)) return sends(rule, 'name', zoneOf(words[0]), rule.kind);
  if (rule.kind === 'askdns')
    return sends(rule, 'name', zoneOf(words[0]?.replace(/^.*_\./, '')), 'askdns');
  const { call } = rule;
  const lookup = call === undefined ? undefined : LOOKUPS[call.name];
  if (call === undefined || lookup === undefined) return undefined;
  const isRaw = HASHBL.test(call.name) && /(?:^|\/)raw(?:\/|$)/.test(call.arguments[1] ?? '');
  const zone = lookup.zone === undefined ? lookup.recipient : zoneOf(call.arguments[lookup.zone]);
  const feature = sends(rule, isRaw ? 'verbatim' : lookup.carries, zone, `eval ${call.name}`);
  return {
    ...feature,
    destination: lookup.via,
    decided: [...feature.decided, ...(isRaw ? [`option raw: the text found, as it is`] : [])],
  };
}

function sends(
  rule: SpamRule,
  carries: Carries,
  recipient: string | undefined,
  decided: string,
): RecordFeature {
  return {
    ...base(rule, decided),
    target: 'message',
    action: 'send',
    visibility: 'silent',
    destination: 'name-server',
    carries,
    ...(recipient === undefined ? {} : { recipient }),
    decided: [decided, ...(recipient === undefined ? [] : [`zone ${recipient}`])],
  };
}

function zoneOf(text: string | undefined): string | undefined {
  const zone = text?.replace(/\.$/, '').toLowerCase();
  // A template (`_SENDERDOMAIN_`) asks under a name that the message itself gives.
  return zone === undefined || !/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(zone) ? undefined : zone;
}

function ofSetting(rule: SpamRule): readonly RecordFeature[] {
  if (rule.kind.startsWith('asn_lookup'))
    return [sends(rule, 'address', zoneOf(rule.rest.split(/\s+/)[0]), rule.kind)];
  const kind = settingKind(rule.kind);
  const about = base(rule, `setting ${rule.kind}`);
  switch (kind) {
    case 'allow':
      return [
        {
          ...about,
          target: 'message',
          action: 'suppress',
          visibility: 'silent',
          destination: 'none',
          reach: rule.enabled ? 'domains' : 'off',
        },
      ];
    case 'report':
      return [{ ...about, target: 'message', action: 'rewrite' }];
    case 'list':
    case 'lookup':
    case 'scoring':
    case 'engine':
      return [
        {
          ...about,
          target: 'message',
          action: 'switch',
          visibility: 'silent',
          destination: 'none',
        },
      ];
    case undefined:
      return [];
    default:
      return kind satisfies never;
  }
}
