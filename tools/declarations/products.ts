import type { Subject } from './examined.ts';

/** Browser extensions of Debian 12, each a package with a manifest. */
const DEBIAN = [
  'allow-html-temp',
  'browserpass',
  'bulk-media-downloader',
  'dav4tbsync',
  'debianbuttons',
  'eas4tbsync',
  'form-history-control',
  'foxyproxy',
  'keepassxc-browser',
  'lightbeam',
  'mailmindr',
  'privacy-badger',
  'proxy-switcher',
  'quicktext',
  'tbsync',
  'treestyletab',
  'ublock-origin-chromium',
  'ublock-origin-firefox',
  'xnotepp',
] as const;

/** Extensions that an npm package brings unpacked. */
const IN_NPM = [
  'apollo-developer-tools',
  'backbone-debugger',
  'ember-inspector',
  'jquery-debugger',
  'mobx-devtools',
  'react-developer-tools',
  'redux-devtools',
  'vuejs-devtools',
] as const;

export interface NamedSubject extends Subject {
  readonly name: string;
}

export const EXTENSIONS: readonly NamedSubject[] = [
  ...DEBIAN.map((name) => ({ name, spec: `deb:webext-${name}` })),
  ...IN_NPM.map((name) => ({
    name,
    spec: 'npm:electron-devtools-vendor@3.0.0',
    folder: `extensions/${name}`,
  })),
];

/** The ten packages of the bench; `bench/packages.json` has their integrities. */
export const TEN: readonly NamedSubject[] = [
  'lodash@4.18.1',
  'express@5.3.0',
  'axios@1.21.1',
  'eslint@10.15.0',
  '@angular/core@21.2.26',
  'webpack@5.112.2',
  'three@0.187.0',
  'typescript@5.9.3',
  'aws-sdk@2.1693.0',
  'monaco-editor@0.57.0',
].map((spec) => ({ name: spec.replace(/@[^@]*$/, ''), spec: `npm:${spec}` }));
