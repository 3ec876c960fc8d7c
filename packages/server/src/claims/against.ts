import type { Digest } from '@avow/bytes';
import {
  intakeOf,
  type Nearby,
  namesIn,
  type Release,
  type Stored,
  type StoredRecord,
} from '@avow/docket';
import type { Examination } from '@avow/examine';
import { printTarget } from '@avow/locator';
import type { CatalogueLists, ReleaseFound, Viewer } from '@avow/stores/catalogue';
import type { ObjectPort } from '../kept/objects.ts';

/** Releases of one name that are looked at for what a claim may have meant. */
const MAX_NEAR = 20;
/** Files of one release. */
const MAX_FILES = 200_000;

export interface AgainstPorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
}

/** The releases that a text names exactly: `pkg:npm/x@1.2.3`. */
export function targetsIn(text: string): readonly string[] {
  const targets = intakeOf(text, []).locators.map(({ target }) =>
    printTarget(target.kind === 'purl' ? { kind: 'purl', purl: target.purl } : target),
  );
  return [...new Set(targets)];
}

/** What a claim is held against: the releases here that it names, and others of the same names. */
export async function against(
  text: string,
  viewer: Viewer,
  { lists, objects }: AgainstPorts,
): Promise<{ readonly all: readonly Stored[]; readonly nearby: Nearby }> {
  const targets = new Set(targetsIn(text));
  const all: Stored[] = [];
  const releases: Release[] = [];
  for (const name of namesIn(text)) {
    const { rows } = await lists.releases({ name, state: 'examined' }, { viewer, limit: MAX_NEAR });
    for (const row of rows) {
      const isNamed = targets.has(row.target) || isWritten(row.target, text);
      if (isNamed) all.push(await storedOf(row, lists, objects));
      else releases.push(await releaseOf(row, lists));
    }
  }
  return { all, nearby: { releases, names: [...namesIn(text)] } };
}

/** Whether the text has the target, and not the beginning of a longer one. */
function isWritten(target: string, text: string): boolean {
  return text.split(target).some((after, at) => at > 0 && !/^[\w.+%~-]/.test(after));
}

async function storedOf(
  row: ReleaseFound,
  lists: CatalogueLists,
  objects: ObjectPort,
): Promise<Stored> {
  const document = await objects.read(row.document as Digest);
  const examination = JSON.parse(Buffer.from(document!).toString('utf8')) as Examination;
  const files = await filesOf(row.number, lists);
  const bytes = new Map<string, Uint8Array>();
  for (const { path, digest } of files) {
    const found = await objects.read(digest);
    if (found !== undefined) bytes.set(path, found);
  }
  const { placesIn } = await import('@avow/examine/places');
  return { examination, files, ...placesIn(bytes), records: await recordsOf(row.number, lists) };
}

async function releaseOf(row: ReleaseFound, lists: CatalogueLists): Promise<Release> {
  const { target, digest, number } = row;
  const files = await filesOf(number, lists);
  return { target, digest: digest as Digest, files, records: [], places: {} };
}

async function filesOf(release: number, lists: CatalogueLists): Promise<Stored['files']> {
  const files: { path: string; digest: Digest; size: number }[] = [];
  let after: string | undefined;
  do {
    const page = await lists.members(release, { after, limit: 5_000 });
    files.push(...page.rows.map((row) => ({ ...row, digest: row.digest as Digest })));
    after = page.next;
  } while (after !== undefined && files.length < MAX_FILES);
  return files;
}

async function recordsOf(release: number, lists: CatalogueLists): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  let after: string | undefined;
  do {
    const page = await lists.recordsOf(release, { after, limit: 20_000 });
    for (const { member, id, line, digest } of page.rows) {
      records.push({ path: member, id, line, digest: digest as Digest });
    }
    after = page.next;
  } while (after !== undefined);
  return records;
}
