import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PageDialect, pageOffset, scriptsOfPage } from './html.ts';

/** `how goal language @offset text`, one a script, then references. */
function scriptsIn(page: string, dialect: PageDialect = 'html'): string[] {
  const { scripts, references } = scriptsOfPage(page, dialect);
  return [
    ...scripts.map((script) => {
      const { how, goal, language, text } = script;
      return `${how} ${goal} ${language} @${pageOffset(script, 0)} ${text}`;
    }),
    ...references.map(({ url, goal, start }) => `reference ${goal} @${start} ${url}`),
  ];
}

const CASES: readonly [what: string, page: string, dialect: PageDialect, scripts: string[]][] = [
  ['an inline script', '<p>é<script>a()</script>', 'html', ['element script js @12 a()']],
  ['line ends are kept', '<script>\r\na\r\n</script>', 'html', ['element script js @8 \r\na\r\n']],
  ['modules', '<script type="Module">a</script>', 'html', ['element module js @22 a']],
  [
    'data is no script',
    '<script type="application/json">{}</script><script type=importmap>{}</script><script type="text/template"><b></script>',
    'html',
    [],
  ],
  [
    'old types are scripts',
    '<script type="text/javascript">a</script><script type=application/x-ecmascript>b</script>',
    'html',
    ['element script js @31 a', 'element script js @79 b'],
  ],
  [
    'a script from elsewhere',
    '<script src=" a.js " type=module></script>',
    'html',
    ['reference module @8 a.js'],
  ],
  [
    'an inline text beside src is not run',
    '<script src=a.js>b()</script>',
    'html',
    ['reference script @8 a.js'],
  ],
  [
    'handlers',
    `<a onclick="b(1); return false">`,
    'html',
    ['handler commonjs js @12 b(1); return false'],
  ],
  [
    'handlers without quotes',
    '<img src=x onerror=alert(1)>',
    'html',
    ['handler commonjs js @19 alert(1)'],
  ],
  ['script URLs', '<a href="javascript:a(%22b%22)">', 'html', ['url script js @20 a("b")']],
  [
    'script URLs in disguise',
    '<a href="\x01 jAva&#10;script&colon;a()">',
    'html',
    ['url script js @33 a()'],
  ],
  [
    'comments hold no script',
    '<!-- <script>a</script> --><script>b</script>',
    'html',
    ['element script js @35 b'],
  ],
  ['a textarea holds no script', '<textarea><script>a</script></textarea>', 'html', []],
  [
    'a script that hides its end',
    '<script><!-- <script></script> --> a</script>',
    'html',
    ['element script js @8 <!-- <script></script> --> a'],
  ],
  ['a script that never ends', '<script>a()', 'html', ['element script js @8 a()']],
  ['templates', '<template><script>a</script></template>', 'html', ['element script js @18 a']],
  [
    'SVG',
    '<svg><script>a &lt; b<![CDATA[ && c]]></script></svg>',
    'html',
    ['element script js @13 a < b && c'],
  ],
  ['srcdoc', '<iframe srcdoc="<script>a</script>">', 'html', ['element script js @24 a']],
  [
    'Vue',
    '<template><a @click="b"/></template>\n<script setup lang="ts">c</script>',
    'vue',
    ['element module ts @61 c'],
  ],
  [
    'Svelte',
    '<script context="module">a</script><script>b</script>{c}',
    'svelte',
    ['element module js @25 a', 'element module js @43 b'],
  ],
];

for (const [what, page, dialect, scripts] of CASES) {
  test(what, () => assert.deepEqual(scriptsIn(page, dialect), scripts));
}

test('a place after a reference is where the page has it', () => {
  const page = '<a onclick="if (a &amp;&amp; b) &#x63;()">';
  const script = scriptsOfPage(page, 'html').scripts[0]!;
  assert.equal(script.text, 'if (a && b) c()');
  assert.equal(page[pageOffset(script, script.text.indexOf('b)'))], 'b');
  assert.equal(page.slice(pageOffset(script, script.text.indexOf('()'))), '()">');
});

test('a page of 100000 nested elements is read', () => {
  const page = `${'<div>'.repeat(100_000)}<script>a</script>`;
  assert.equal(scriptsOfPage(page, 'html').scripts.length, 1);
});
