/** A real product whose features are counted, pinned by version. */
export interface GoldenProduct {
  /** The name of its golden, in `counts/`. */
  readonly name: string;
  readonly spec: `npm:${string}@${string}`;
  /** A member that is the product, where a package merely brings it. */
  readonly member?: string;
}

export const GOLDEN_PRODUCTS: readonly GoldenProduct[] = [
  { name: 'scarf', spec: 'npm:@scarf/scarf@1.4.0' },
  { name: 'axios', spec: 'npm:axios@1.21.1' },
  { name: 'keytar', spec: 'npm:keytar@7.9.0' },
  { name: 'clipboardy', spec: 'npm:clipboardy@5.3.2' },
  { name: 'node-telegram-bot-api', spec: 'npm:node-telegram-bot-api@2.1.0' },
  { name: 'sentry-node', spec: 'npm:@sentry/node@11.12.0' },
  { name: 'systeminformation', spec: 'npm:systeminformation@5.33.23' },
  { name: 'puppeteer-core', spec: 'npm:puppeteer-core@25.16.0' },
  { name: 'simple-git', spec: 'npm:simple-git@4.0.2' },
  {
    name: 'nanocoder-vsix',
    spec: 'npm:@nanocollective/nanocoder@1.25.2',
    member: 'assets/nanocoder-vscode.vsix',
  },
  // Eight browser extensions, unpacked, each with its manifest.
  { name: 'browser-extensions', spec: 'npm:electron-devtools-vendor@3.0.0' },
];
