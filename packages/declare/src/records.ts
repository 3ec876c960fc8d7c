import type { RecordAction, RecordTarget } from './record-words.ts';
import type { FeatureId } from './vocabulary.ts';

/**
 * The words for records in the one vocabulary: which source a target is, and
 * which destination, power or qualifier an action is.
 *
 * The order of the keys is the order of results: what is most confidential,
 * or reaches furthest, comes first.
 */
export const TARGET_FEATURES: Readonly<Record<RecordTarget, FeatureId>> = {
  credential: 'cred.app-profile',
  keyword: 'file.user',
  pii: 'file.user',
  message: 'people',
  document: 'file.user',
  page: 'content.view',
  browsing: 'browser.history',
  traffic: 'content.traffic',
  host: 'host.profile',
  everything: 'file.any',
  'malware-exec': 'file.any',
  'hash-only': 'file.any',
  undisclosed: 'opaque.unanalysed',
};

export const ACTION_FEATURES: Readonly<Record<RecordAction, FeatureId>> = {
  send: 'net.named-service',
  'store-copy': 'file.write',
  inject: 'code.inject',
  weaken: 'security.tamper',
  'log-content': 'file.write',
  rewrite: 'content.view',
  suppress: 'gated',
  switch: 'gated',
  block: 'content.traffic',
  silent: 'gated',
  alert: 'gated',
  undisclosed: 'opaque.unanalysed',
};

/** Whether the user is told: shown to them, written to a log, or neither. */
export const VISIBILITIES = ['shown', 'logged', 'silent'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Where what the record takes goes. `name-server`: a question to DNS under a zone. */
export const DESTINATION_KINDS = ['none', 'local', 'vendor', 'name-server', 'third-party'] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** What of the data leaves, for records that send: itself, a digest of it, a name out of it, a network address. */
export const CARRIES = ['verbatim', 'digest', 'name', 'address'] as const;
export type Carries = (typeof CARRIES)[number];
