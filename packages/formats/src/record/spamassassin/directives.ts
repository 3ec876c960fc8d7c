/** Lines that define a test (Mail::SpamAssassin::Conf 4.0, "Rule definitions"). */
export const TESTS: ReadonlySet<string> = new Set([
  'header',
  'body',
  'rawbody',
  'full',
  'uri',
  'meta',
  'mimeheader',
  'askdns',
  'urirhsbl',
  'urirhssub',
  'urinsrhsbl',
  'urinsrhssub',
  'urifullnsrhsbl',
  'urifullnsrhssub',
  'uridnsbl',
  'uridnssub',
  'uri_detail',
]);

/** Lines that say something of a test: they belong to its record. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  'describe',
  'score',
  'tflags',
  'priority',
  'test',
  'reuse',
]);

/** A family of settings and what it does to mail. */
export type SettingKind = 'allow' | 'list' | 'lookup' | 'report' | 'scoring' | 'engine';

const FAMILIES: readonly (readonly [RegExp, SettingKind])[] = [
  [
    /^(?:(?:def_)?(?:whitelist|welcomelist)_|unwhitelist|unwelcomelist|all_spam_to|more_spam_to|trusted_networks|internal_networks|msa_networks|adsp_override|uridnsbl_skip_domain|url_shortener_skip|fns_ignore|bayes_ignore|hashbl_(?:email_)?(?:whitelist|welcomelist)|hashbl_acl|askdns_skip|dns_query_restriction|txrep_(?:welcomelist|whitelist))/,
    'allow',
  ],
  [
    /^(?:freemail_|util_rb_|url_shortener|enlist_|delist_|redirector_pattern|replace_|blacklist_|blocklist_|unblacklist|unblocklist|bayes_stopword|clear_util_rb|clear_uridnsbl|uri_block|rbl_headers|originating_ip|clear_originating|body_part_scan|rawbody_part_scan|ok_|fns_|normalize_charset|parse_dkim_uris|short_uri)/,
    'list',
  ],
  [
    /^(?:dns_|razor|pyzor|dcc_|use_(?:razor|pyzor|dcc)|asn_|spf_|dkim_|hashbl_|skip_rbl|skip_uribl|rbl_timeout|uridnsbl_|geodb_|country_db|maxmind|geoip|use_network|pdfinfo|auto_welcomelist_|auto_whitelist|txrep|use_auto|use_txrep|user_awl|loadplugin|tryplugin|phishing_|url_redirect|extracttext|vbounce)/,
    'lookup',
  ],
  [
    /^(?:report|unsafe_report|clear_report|clear_unsafe|add_header|remove_header|clear_headers|fold_headers|rewrite_header|subjprefix|envelope_sender|version_tag|report_safe|report_contact|report_hostname|report_wrap|report_charset|spamd_|dcc_learn|lang)/,
    'report',
  ],
  [
    /^(?:required_score|required_hits|bayes_|use_bayes|shortcircuit|use_learner|learn_|lock_method|auto_learn|priority|tflags|score)/,
    'scoring',
  ],
  [
    /^(?:require_version|enable_compat|include|time_limit|allow_user_rules|test_log|loadplugin)/,
    'engine',
  ],
];

/** What family a setting belongs to; undefined for one that is not known. */
export function settingKind(word: string): SettingKind | undefined {
  return FAMILIES.find(([form]) => form.test(word))?.[1];
}
