import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databasesIn } from '@avow/formats/record';
import { recordsOf } from './examine.ts';
import { featuresOf } from './features.ts';
import { keyOf, rankOf } from './model.ts';
import { file, SIGHT } from './testdata/sight.ts';

/** Of the first record of a file: each feature with its rank, and its label's first words. */
function does(path: string, text: string): string[] {
  for (const database of databasesIn([file(path, text)])) {
    for (const record of recordsOf(database)) {
      return featuresOf(record, SIGHT).map((feature) => {
        const label =
          feature.label === undefined ? '' : ` [${feature.label.split(' ', 2).join(' ')}]`;
        return `${rankOf(feature)} ${keyOf(feature).replaceAll(/ {2,}/g, ' ')}${label}`;
      });
    }
  }
  return ['no database'];
}

const hex = (text: string, encoding: BufferEncoding = 'latin1') =>
  Buffer.from(text, encoding).toString('hex');
const PLUGIN = 'loadplugin Mail::SpamAssassin::Plugin::HashBL\n';

const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  // SpamAssassin: what leaves decides
  [
    'text out of the body goes to a zone word for word',
    'a.cf',
    "body B eval:check_hashbl_bodyre('bl.example.org', 'raw/max=10', '\\b1[a-z]{25}\\b')\n",
    ['critical message send silent name-server bl.example.org verbatim all'],
  ],
  [
    'the same as a digest',
    'a.cf',
    "body B eval:check_hashbl_bodyre('bl.example.org', 'sha1/max=10', 'x')\n",
    ['high message send silent name-server bl.example.org digest all'],
  ],
  [
    'domains of links',
    'a.cf',
    'urirhssub U bl.example.org. A 2\nbody V /x/\n',
    ['high message send silent name-server bl.example.org name all'],
  ],
  [
    'the address of the sending server',
    'a.cf',
    "header H eval:check_rbl('x', 'bl.example.org.')\nbody V /x/\n",
    ['medium message send silent name-server bl.example.org address all'],
  ],
  [
    'a test that only scores',
    'a.cf',
    'body B /viagra/i\nbody C /x/\n',
    ['low message alert shown local all'],
  ],
  [
    'a test for card numbers, found by trying it',
    'a.cf',
    'body B /\\b(?:\\d[ -]?){15}\\d\\b/\nbody C /x/\n',
    ['low pii alert shown local all'],
  ],
  [
    'a part of other tests is no accusation',
    'a.cf',
    'body __B /secret/\nbody C /x/\n',
    ['low message silent silent none all [a part]'],
  ],
  [
    'an allow list',
    'a.cf',
    'def_welcomelist_auth *@example.org\nbody C /x/\n',
    ['low message suppress silent none domains'],
  ],
  // ClamAV: decoded before it is looked at
  [
    'classification marks in any kind of file',
    'a.ndb',
    `N:0:*:${hex('top secret')}\n`,
    ['medium keyword alert shown local all'],
  ],
  [
    'the same in two bytes a character',
    'a.ndb',
    `N:0:*:${hex('TOP SECRET', 'utf16le')}\n`,
    ['medium keyword alert shown local all'],
  ],
  [
    'the same in Russian, UTF-8',
    'a.ndb',
    `N:7:*:${hex('Совершенно секретно', 'utf8')}\n`,
    ['medium keyword alert shown local all'],
  ],
  [
    'the same in Russian, windows-1251',
    'a.ndb',
    'N:7:*:d1eee2e5f0f8e5ededee20f1e5eaf0e5f2edee\n',
    ['medium keyword alert shown local all'],
  ],
  [
    'a stealer that holds a name of a key file is a program that is detected',
    'a.ndb',
    `N:1:*:${hex('/.ssh/id_rsa')}\n`,
    ['low malware-exec alert shown local all [detects programs]'],
  ],
  [
    'a hash can name one file',
    'a.hdb',
    '44d88612fea8a8f36de82e1278abb02f:68:Eicar\n',
    ['low hash-only alert shown local one-file'],
  ],
  [
    'an allow list of files',
    'a.fp',
    '44d88612fea8a8f36de82e1278abb02f:68:Mine\n',
    ['low hash-only suppress silent none one-file'],
  ],
  [
    'a signature that makes the engine look again',
    'a.ldb',
    'L;Engine:81-255,Target:0,HandlerType:CL_TYPE_HTML;0;00\n',
    ['low everything switch silent none engine'],
  ],
  // adblock and declarativeNetRequest
  [
    'a policy that lets everything in',
    'a.txt',
    "[Adblock]\n||a.example^$csp=font-src 'self' 'unsafe-eval' http: https: data: blob: mediastream: filesystem:\n",
    ['high page weaken silent none all'],
  ],
  [
    'a policy that lets only some hosts load scripts, for all its unsafe words',
    'a.txt',
    "[Adblock]\n||a.example^$csp=script-src 'self' 'unsafe-inline' 'unsafe-eval' data: *.google.com\n",
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    "a policy of any host that keeps scripts in the page's text out",
    'a.txt',
    '[Adblock]\n||a.example^$csp=script-src *\n',
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    'a policy that opens frames and shuts workers',
    'a.txt',
    "[Adblock]\n||a.example^$csp=child-src 'none'; frame-src *; worker-src 'none'\n",
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    'a policy for one kind of worker',
    'a.txt',
    '[Adblock]\n||a.example^$csp=worker-src blob:\n',
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    "a policy that switches 'unsafe-inline' off by a nonce",
    'a.txt',
    "[Adblock]\n||a.example^$csp=script-src * data: blob: 'unsafe-inline' 'unsafe-eval' 'nonce-x'\n",
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    'a policy of scripts that lets everything in',
    'a.txt',
    "[Adblock]\n||a.example^$csp=script-src * data: blob: 'unsafe-inline' 'unsafe-eval'\n",
    ['high page weaken silent none all'],
  ],
  [
    'a filter that switches a policy off',
    'a.txt',
    "[Adblock]\n||a.example^$csp=font-src 'self' 'unsafe-eval' http: https: data: blob: mediastream: filesystem:,badfilter\n",
    ['low browsing suppress silent none all'],
  ],
  [
    'a header taken off that let others read',
    'a.txt',
    '[Adblock]\n||a.example^$removeheader=access-control-allow-origin\n',
    ['low browsing rewrite silent none all'],
  ],
  [
    'a policy that only narrows',
    'a.txt',
    "[Adblock]\n||a.example^$csp=script-src 'none'\n",
    ['low page rewrite silent none all [narrows what]'],
  ],
  [
    'a protecting header taken off',
    'a.txt',
    '[Adblock]\n||a.example^$removeheader=x-frame-options\n',
    ['high page weaken silent none all'],
  ],
  [
    'a scriptlet',
    'a.txt',
    '[Adblock]\na.example##+js(aopr, foo)\n',
    ['medium page inject silent none domains'],
  ],
  [
    'a scriptlet that sends what a page sends to another host',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-json-edit-fetch-request, .url="https://Sink.example/x")\n',
    ['high page send silent third-party sink.example verbatim domains'],
  ],
  [
    'the same by a text put in the place of another',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-replace-outbound-text, fetch, /.+/, //sink.example/c)\n',
    ['high page send silent third-party sink.example verbatim domains'],
  ],
  [
    'a scriptlet that changes what a page sends, to where it sends it',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-replace-outbound-text, atob, /.+/, , condition, "cloudfront.net")\n',
    ['low page rewrite silent none domains [changes what]'],
  ],
  [
    'a scriptlet that takes an event out of what a page reports',
    'a.txt',
    '[Adblock]\na.example##+js(json-edit-fetch-request, .*[?.operationName=="TrackEvent"], propsToMatch, https://a.example/v1)\n',
    ['low page rewrite silent none domains [changes what]'],
  ],
  [
    'a cookie that is cleared',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-set-cookie, DEVICE_ID, , 0, , domain, .a.example)\n',
    ['low page rewrite silent none domains'],
  ],
  [
    'a cookie that answers a question',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-set-cookie, consent, Reject)\n',
    ['low page rewrite silent none domains'],
  ],
  [
    'a cookie of a value that the page may trust',
    'a.txt',
    '[Adblock]\na.example##+js(trusted-set-cookie, session, c2VjcmV0)\n',
    ['high page weaken silent none domains'],
  ],
  ['a plain filter', 'a.txt', '[Adblock]\n||a.example^\n', ['low browsing block logged none all']],
  [
    'an exception is no injection',
    'a.txt',
    '[Adblock]\na.example#@#+js(aopr, foo)\n',
    ['low page suppress silent none domains'],
  ],
  [
    'a style that loads from elsewhere',
    'a.txt',
    '[Adblock]\na.example#$#body { background: url(https://t.example/x) }\n',
    ['high browsing send silent third-party t.example name domains'],
  ],
  [
    'a redirect elsewhere',
    'r.json',
    '[{"id":1,"action":{"type":"redirect","redirect":{"url":"https://t.example/"}},"condition":{}}]',
    ['high browsing send silent third-party t.example name all'],
  ],
  [
    'a redirect into the extension',
    'r.json',
    '[{"id":1,"action":{"type":"redirect","redirect":{"extensionPath":"/x"}},"condition":{}}]',
    ['low browsing rewrite silent none all'],
  ],
  [
    'a rule that takes off a policy',
    'r.json',
    '[{"id":1,"action":{"type":"modifyHeaders","responseHeaders":[{"header":"Content-Security-Policy","operation":"remove"}]},"condition":{}}]',
    ['high page weaken silent none all'],
  ],
  // YARA
  [
    'a rule for programs that steal keys is labelled as that',
    'a.yar',
    'rule R { strings: $a = "id_rsa" condition: uint16(0) == 0x5a4d and $a }',
    ['low malware-exec alert shown local all [detects programs]'],
  ],
  [
    'the same without a gate is for review',
    'a.yar',
    'rule R { strings: $a = ".ssh/id_rsa" condition: $a }',
    ['low credential alert shown local all [to review:]'],
  ],
  [
    'a mark of secrecy in base64',
    'a.yar',
    `rule R { strings: $a = "${Buffer.from('xx TOP SECRET//NOFORN xx').toString('base64')}" condition: $a }`,
    ['medium keyword alert shown local all'],
  ],
  [
    'a private rule for a mark of secrecy is not seen',
    'a.yar',
    'private rule R { strings: $a = "ts//si" condition: $a }',
    ['high keyword silent silent local all'],
  ],
  [
    'a rule by hash',
    'a.yar',
    'import "hash"\nrule R { condition: hash.sha256(0, filesize) == "00" }',
    ['low hash-only alert shown local one-file'],
  ],
  // Suricata
  [
    'files kept on disk',
    'a.rules',
    'alert http any any -> any any (msg:"x"; fileext:"pdf"; filestore; sid:8; rev:1;)\n',
    ['critical document store-copy silent local all', 'low document alert logged local all'],
  ],
  [
    'the same switched off',
    'a.rules',
    '#alert http any any -> any any (msg:"x"; fileext:"pdf"; filestore; sid:8; rev:1;)\n',
    ['low document store-copy silent local off', 'low document alert logged local off'],
  ],
  [
    'request bodies matched in silence',
    'a.rules',
    'alert http any any -> any any (http.request_body; content:"x"; noalert; sid:9;)\n',
    ['high message silent silent local all'],
  ],
  // events
  [
    'a Falco rule logs command lines',
    'a.yaml',
    '- rule: R\n  condition: x\n  output: "%proc.cmdline"\n  priority: NOTICE\n',
    ['medium host log-content logged local all', 'low host alert logged local all'],
  ],
  [
    'a Sigma rule that names passwords reads events',
    'a.yml',
    'title: T\nlogsource:\n  category: process_creation\ndetection:\n  s:\n    CommandLine|contains: mimikatz\n  condition: s\n',
    ['low host alert logged local platform [detects access]'],
  ],
  [
    'an osquery query that carves',
    'p.json',
    '{"queries":{"a":{"query":"select * from carves where carve = 1"}}}',
    [
      'medium document log-content silent vendor platform',
      'critical document send silent vendor verbatim platform',
    ],
  ],
  [
    'an autoconsent rule that evaluates',
    'rules.json',
    '{"autoconsent":[{"name":"a","detectCmp":[],"optOut":[{"eval":"EVAL_X"},{"click":"b"}]}]}',
    ['medium page inject silent none domains', 'low page rewrite silent none domains'],
  ],
  [
    'a database that nobody can read',
    'x.kdc',
    'abc',
    ['medium undisclosed undisclosed silent none all'],
  ],
];

for (const [name, path, text, want] of CASES) {
  test(`${path}: ${name}`, () => {
    assert.deepEqual(does(path, path === 'a.cf' ? text + PLUGIN : text), want);
  });
}

test('a hostile pattern does not hold the examination', () => {
  const started = performance.now();
  for (const pattern of [
    '(a+)+$',
    '(\\d+)*\\d+@',
    '((a{1,100}){1,100}){1,100}[0-9]',
    `${'(x|'.repeat(900)}[0-9]${')'.repeat(900)}`,
  ])
    SIGHT.inRegex(pattern);
  assert.ok(performance.now() - started < 2_000);
});
