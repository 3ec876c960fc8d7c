import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Digest } from '@avow/bytes';
import {
  type Advisory,
  advisoryOf,
  csafPath,
  DECLARATION_LINE,
  type Docket,
  type DocketEvent,
  type DocketStore,
  type Publisher,
  providerFiles,
  type SigningKey,
  type SourceLine,
} from '@avow/docket';
import type { DocketFolder } from '@avow/stores/docket';
import { UsageError } from '../../errors.ts';
import { receiptsOf } from './export.ts';
import type { PublishCaseOptions } from './publish.ts';

/** What a docket keeps, with moves that may be held back. */
export type Opened = Pick<DocketFolder, 'artifacts' | 'kept'> & { readonly store: DocketStore };

/** States in which a case's advisory is out; a withdrawn one stays, with its last revision. */
export const OUT: ReadonlySet<string> = new Set([
  'published',
  'corrected',
  'superseded',
  'withdrawn',
]);

/** Everything that the provider's folder holds, with its signatures: what is named before what names it. */
export async function documentsOf(
  options: PublishCaseOptions,
  docket: Docket,
  opened: Opened,
): Promise<{
  readonly advisories: readonly Advisory[];
  readonly files: ReadonlyMap<string, string>;
}> {
  const publisher: Publisher = { ...options, declaration: lineOf(options.declaredAt) };
  const advisories = await advisoriesOf(docket, opened, publisher);
  const unsigned = providerFiles(advisories, publisher);
  const key = options.sign === undefined ? undefined : signatures(unsigned, advisories, options);
  const files = new Map(key === undefined ? unsigned : providerFiles(advisories, publisher, key));
  for (const { receipt } of advisories) {
    const text = await docket.textOf(receipt);
    if (text !== undefined) files.set(`receipts/${receipt.slice('sha256:'.length)}.json`, text);
  }
  // How many claims were turned back, and for what, is public.
  const counts = { schema: 'avow.counts/1', ...(await opened.store.counts()) };
  files.set('counts.json', `${JSON.stringify(counts, undefined, 1)}\n`);
  return { advisories, files: new Map([...files].sort(([a], [b]) => depthOf(b) - depthOf(a))) };
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** `FILE:LINE`; the first line of `avow.yaml` where nothing is said. */
function lineOf(text: string | undefined): SourceLine {
  if (text === undefined) return DECLARATION_LINE;
  const [, path, line] = /^(.{1,400}?):(\d{1,7})$/.exec(text) ?? [];
  if (path === undefined || Number(line) < 1) {
    throw new UsageError(`"${text}" is no file and line`, 'like avow.yaml:12');
  }
  return { path, line: Number(line) };
}

/** Which releases have the same, by the latest revision that says so. */
export function affectedDigest(events: readonly DocketEvent[]): Digest | undefined {
  const said = events.findLast(({ data }) => typeof data['affected'] === 'string');
  return said?.data['affected'] as Digest | undefined;
}

async function advisoriesOf(
  docket: Docket,
  { store }: Opened,
  publisher: Publisher,
): Promise<readonly Advisory[]> {
  const advisories: Advisory[] = [];
  for (const state of OUT) {
    for (const { subject } of await store.list({ kind: 'case', state, limit: 100_000 })) {
      const found = await docket.case(subject);
      const [receipt] = await receiptsOf(found, docket);
      if (receipt === undefined) continue;
      const digest = affectedDigest(await store.eventsOf(subject));
      const text = digest === undefined ? undefined : await docket.textOf(digest);
      const affected = text === undefined ? { also: [] } : JSON.parse(text);
      advisories.push(advisoryOf(found, receipt, publisher, affected));
    }
  }
  return advisories;
}

/** Asks the publisher's own command for each document's detached signature (docs/decisions/0101). */
function signatures(
  files: ReadonlyMap<string, string>,
  advisories: readonly Advisory[],
  { sign, publicKey, fingerprint }: PublishCaseOptions,
): SigningKey {
  if (publicKey === undefined || fingerprint === undefined) {
    throw new UsageError(
      'signatures need the public key',
      'give --public-key FILE and --fingerprint HEX',
    );
  }
  const [command = '', ...args] = sign!.split(' ');
  const signed = advisories.map((advisory) => {
    const path = `white/${csafPath(advisory)}`;
    const { status, stdout, stderr, error } = spawnSync(command, args, { input: files.get(path)! });
    if (status !== 0) {
      const why = error?.message ?? stderr.toString().trim();
      throw new UsageError(
        `${command} does not sign: ${why}`,
        'nothing was published or written; try it by hand on a file, then publish again',
      );
    }
    return [path, stdout.toString()] as const;
  });
  return { fingerprint, armored: readFileSync(publicKey, 'utf8'), signatures: new Map(signed) };
}
