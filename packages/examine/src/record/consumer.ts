import type { FeatureId, RecordAction } from '@avow/declare';
import type { RecordFormat } from '@avow/formats/record';
import type { Feature } from '../result.ts';
import type { RecordConsumer } from './detail.ts';

/**
 * What known engines do when a record of theirs matches, from their
 * documentation. A record is half a feature; this is the other half, and an
 * assumption that a result states: the engine's settings can change it.
 */
const KNOWN: Readonly<Record<RecordFormat, Partial<Record<RecordAction, string>>>> = {
  clamav: {
    alert:
      "ClamAV prints or logs the file's name and the signature; moving, removing or running VirusEvent is the user's setting",
    suppress: 'ClamAV takes back a detection',
    switch: 'ClamAV scans differently; nothing is reported',
  },
  spamassassin: {
    send: 'SpamAssassin asks a name server or a service while it scans the mail; the answer adds to the score',
    alert: "SpamAssassin adds to the score and names the test in the mail's headers",
    suppress: 'SpamAssassin lowers the score',
  },
  adblock: {
    block: 'the blocker cancels the request',
    inject:
      "the blocker runs a script of its own collection in the page, with the record's arguments",
    weaken: "the blocker changes the page's headers or settings",
    rewrite: 'the blocker changes the page or the request',
    send: 'the blocker changes where a request goes',
    suppress: 'the blocker lets it through',
  },
  dnr: {
    block: 'the browser cancels the request, without the extension seeing it',
    send: 'the browser loads another address instead',
    weaken: "the browser changes the response's headers",
    rewrite: "the browser changes the request or the response's headers",
    suppress: 'the browser lets it through',
  },
  yara: {
    alert: "the scanner prints or logs the rule's name; what follows is the scanner's setting",
  },
  suricata: {
    alert: 'Suricata writes an event to its logs, with payload where eve-log is set so',
    'store-copy': 'Suricata writes the file or packets to disk where file-store is enabled',
    block: 'Suricata drops the packet when it runs inline',
    suppress: 'Suricata stops inspecting the flow',
  },
  sigma: { alert: 'the log system that the rule is converted for raises an alert' },
  falco: {
    alert: 'Falco writes the output to its channels',
    'log-content': 'Falco writes the fields of the event to its channels: log, program, HTTP',
    'store-copy': 'Falco writes a capture file of system calls',
  },
  autoconsent: {
    inject: 'the extension runs one of its named snippets in the page',
    rewrite: "the extension clicks or hides in the page, in the user's name",
  },
  osquery: {
    'log-content': 'osquery sends the rows to the logger of the fleet',
    send: 'osquery uploads the file, or makes the request',
  },
  opaque: { undisclosed: 'the maker does not disclose it' },
};

/** Features of code that carry a record's action out, in a product that has both. */
const CARRIED_OUT_BY: Readonly<Partial<Record<RecordAction, readonly FeatureId[]>>> = {
  inject: ['code.inject', 'code.eval'],
  block: ['content.traffic'],
  rewrite: ['content.traffic', 'content.view', 'code.inject'],
  weaken: ['content.traffic', 'security.tamper', 'code.inject'],
  send: ['content.traffic', 'net.http', 'net.url-beacon'],
};

/** More places than this are no help to a reader. */
const MAX_PLACES = 4;

/**
 * The other half of a record's feature: the places in the product's own code
 * that carry it out, where the product has such code, else what the known
 * engine of the format does.
 */
export function consumerOf(
  format: RecordFormat,
  action: RecordAction,
  code: ReadonlyMap<FeatureId, readonly Feature[]>,
): RecordConsumer | undefined {
  const says = KNOWN[format][action];
  if (says === undefined) return undefined;
  const places = (CARRIED_OUT_BY[action] ?? []).flatMap((feature) => code.get(feature) ?? []);
  if (places.length === 0) return { says, from: 'known', places: [] };
  return {
    says,
    from: 'examined',
    places: places.slice(0, MAX_PLACES).map(({ locator }) => locator),
  };
}
