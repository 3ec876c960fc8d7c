import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { publish } from '../cases/publish.ts';
import { tellAll } from '../notices/publish.ts';
import { tagsOf } from '../notices/tags.ts';
import { decidedCase } from '../testdata/decided.ts';
import { type TestService, testService } from '../testdata/service.ts';

/** Every feed as others read it: W3C's validator, a reader, the format's own rules. */
const FEEDS = [
  'advisories.atom',
  'notices.atom',
  'notices.atom?host=example.org&feature=net.*',
  'notices.atom?product=404',
  'advisories.json',
  'notices.json',
  'notices.json?product=404',
];
const ATOM = FEEDS.filter((path) => path.includes('.atom'));

let service: TestService;
before(async () => {
  service = await testService();
  const { docket } = service.stores;
  const id = await decidedCase(service.stores);
  const publisher = { name: 'pia', role: 'publisher' } as const;
  await publish(service.stores, await docket.case(id), 'publish', publisher, {});
  await tellAll(service.stores, 'advisory.published', { case: id, target: 'pkg:npm/sends@1.0.0' });
  const target = 'pkg:npm/x<b>&"\'\u202e]]>@1';
  const about = { features: ['net.http'], recipients: ['a.example.org'] };
  const tags = tagsOf({ product: 1, maker: null }, about);
  await tellAll(service.stores, 'release.examined', { release: 1, target }, tags);
});
after(() => service.close());

const textOf = async (path: string) => {
  const response = await service.ask('GET', `/feeds/${path}`);
  assert.equal(response.status, 200, path);
  return response.text();
};

/** JSON Feed 1.1: what a feed and its items must have, and what form the rest takes. */
const JSON_FEED = {
  type: 'object',
  required: ['version', 'title', 'items'],
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: { type: 'string', minLength: 1 },
    home_page_url: { type: 'string', format: 'uri' },
    feed_url: { type: 'string', format: 'uri' },
    authors: { type: 'array', items: { type: 'object', minProperties: 1 } },
    items: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id'],
        anyOf: [{ required: ['content_text'] }, { required: ['content_html'] }],
        properties: {
          id: { type: 'string', minLength: 1 },
          url: { type: 'string', format: 'uri' },
          date_published: { type: 'string', format: 'date-time' },
          date_modified: { type: 'string', format: 'date-time' },
        },
      },
    },
  },
};

for (const path of FEEDS.filter((one) => one.includes('.json'))) {
  test(`${path} is a JSON Feed 1.1, whose items have ids of their own`, async () => {
    const ajv = new Ajv2020({
      strict: false,
      formats: {
        uri: (text: string) => URL.canParse(text),
        'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
      },
    });
    const feed = JSON.parse(await textOf(path));
    assert.ok(ajv.validate(JSON_FEED, feed), ajv.errorsText());
    const ids = feed.items.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
    if (!path.includes('404')) assert.ok(ids.length > 0);
  });
}

/** A Python with what is asked for; `.ci/run` sets AVOW_PYTHON and AVOW_FEED_VALIDATOR. */
const PYTHON = process.env['AVOW_PYTHON'] ?? 'python3';
const VALIDATOR = process.env['AVOW_FEED_VALIDATOR'];

const hasReader = spawnSync(PYTHON, ['-c', 'import feedparser']).status === 0;

for (const path of ATOM) {
  test(`${path} is read by a feed reader's parser without a complaint`, {
    skip: hasReader ? false : `${PYTHON} has no feedparser`,
  }, async () => {
    const script = `
import sys, json, feedparser
feed = feedparser.parse(sys.stdin.buffer.read(), sanitize_html=False)
print(json.dumps([bool(feed.bozo), feed.version, [one.title for one in feed.entries]]))`;
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', script], { input: await textOf(path) });
    const [isBroken, version, titles] = JSON.parse(stdout.toString() || `["${stderr}"]`);
    assert.deepEqual([isBroken, version], [false, 'atom10']);
    if (!path.includes('404')) assert.ok(titles.length > 0);
    if (path.startsWith('notices.atom?host')) assert.match(titles[0], /x<b>&"'/);
  });

  test(`${path} is valid Atom by W3C's feed validator`, {
    skip: VALIDATOR === undefined ? 'AVOW_FEED_VALIDATOR names no checkout of it' : false,
  }, async () => {
    const text = await textOf(path);
    const script = `
import sys, json
sys.path.insert(0, sys.argv[1] + '/src')
import feedvalidator
from feedvalidator import compatibility
from feedvalidator.formatter.text_plain import Formatter
events = feedvalidator.validateString(sys.stdin.read(), firstOccurrenceOnly=False, base=sys.argv[2])['loggedEvents']
kinds = (feedvalidator.logging.Error, feedvalidator.logging.Warning)
events = [one for one in events if isinstance(one, kinds)]
print(json.dumps([type(one).__name__ + ': ' + str(one.params) for one in events]))`;
    const { stdout, stderr } = spawnSync(
      PYTHON,
      [
        '-c',
        script,
        VALIDATOR!,
        /rel="self"[^>]*href="([^"]*)"/.exec(text)![1]!.replaceAll('&amp;', '&'),
      ],
      { input: text },
    );
    assert.deepEqual(JSON.parse(stdout.toString() || `"${stderr}"`), []);
  });
}
