/**
 * Where real database updates come from. None of them is ours to publish, so
 * each is fetched when it is wanted: packages by their ordinary clients,
 * repositories from a checkout that the caller names in the environment.
 */
export interface Source {
  readonly name: string;
  /** Folder under the corpus. */
  readonly folder: string;
  readonly from:
    | { readonly npm: string }
    | { readonly deb: string }
    /** Name of the environment variable that holds a checkout's path. */
    | { readonly checkout: string };
  /** Only these files, relative to the folder. */
  readonly only?: RegExp;
  readonly licence: string;
}

const RULESETS = [
  '1.2.20250319030125',
  '2.0.20250307180115',
  '2.0.20250603000111',
  '3.2.20251011010040',
  '3.2.20260225160106',
  '3.3.20260320140136',
];

export const SOURCES: readonly Source[] = [
  ...RULESETS.map((version) => ({
    name: `AdGuard rule sets ${version}`,
    folder: `npm/adguard-dnr-rulesets-${version}`,
    from: { npm: `@adguard/dnr-rulesets@${version}` },
    licence: 'GPL-3.0',
  })),
  ...['4.0.0', '14.0.0', '16.23.0'].map((version) => ({
    name: `autoconsent ${version}`,
    folder: `npm/duckduckgo-autoconsent-${version}`,
    from: { npm: `@duckduckgo/autoconsent@${version}` },
    only: /^package\/rules\/rules\.json$/,
    licence: 'MPL-2.0',
  })),
  {
    name: 'SpamAssassin of Debian',
    folder: 'deb/spamassassin',
    from: { deb: 'spamassassin' },
    licence: 'Apache-2.0',
  },
  {
    name: 'uBlock Origin of Debian',
    folder: 'deb/webext-ublock-origin-firefox',
    from: { deb: 'webext-ublock-origin-firefox' },
    licence: 'GPL-3.0',
  },
  {
    name: 'ModSecurity core rules of Debian',
    folder: 'deb/modsecurity-crs',
    from: { deb: 'modsecurity-crs' },
    licence: 'Apache-2.0',
  },
  {
    name: 'signature-base (YARA)',
    folder: 'git/signature-base',
    from: { checkout: 'AVOW_SIGNATURE_BASE' },
    only: /\.yara?$/,
    licence: 'DRL 1.1',
  },
  {
    name: 'Yara-Rules',
    folder: 'git/yara-rules',
    from: { checkout: 'AVOW_YARA_RULES' },
    only: /\.yara?$/,
    licence: 'GPL-2.0',
  },
  {
    name: 'Sigma',
    folder: 'git/sigma',
    from: { checkout: 'AVOW_SIGMA' },
    only: /^(?:rules|unsupported|deprecated).*\.ya?ml$/,
    licence: 'DRL 1.1',
  },
  {
    name: 'Falco rules',
    folder: 'git/falco',
    from: { checkout: 'AVOW_FALCO_RULES' },
    only: /^rules\/.*\.ya?ml$/,
    licence: 'Apache-2.0',
  },
  {
    name: "Suricata's own rules",
    folder: 'git/suricata',
    from: { checkout: 'AVOW_SURICATA' },
    only: /^rules\/.*\.rules$/,
    licence: 'GPL-2.0',
  },
  {
    name: 'ClamAV test databases',
    folder: 'git/clamav',
    from: { checkout: 'AVOW_CLAMAV' },
    only: /^unit_tests\/input\/(?:freshclam_testfiles|bytecode_sigs|other_sigs|pe_allmatch\/alert-sigs|clamav\.hdb)/,
    licence: 'GPL-2.0',
  },
];
