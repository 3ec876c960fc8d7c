import { type Digest, Refused } from '@avow/bytes';
import { nameOf } from '@avow/docket';
import {
  type Locator,
  LocatorRefused,
  normaliseLocator,
  printLocator,
  printTarget,
} from '@avow/locator';
import type { CatalogueLists, ReleaseFound, Viewer } from '@avow/stores/catalogue';
import { HEX_ROW, hexRows, sourceRows } from '@avow/views';
import type { z } from 'zod';
import { given } from '../catalogue/shown.ts';
import { programBeside, runChild } from '../children/run.ts';
import type { place as placeShape, places } from '../contract/find.ts';
import type { QueryOf } from '../contract/route.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { CodeAnswer } from '../modules/code-line.ts';
import type { ModuleFile, Modules } from '../modules/modules.ts';
import { codeBytes } from '../modules/routes.ts';
import type { Span } from '../modules/task.ts';
import type { CilShown, CilTask } from './child.ts';
import type { RecordTask } from './record-child.ts';

export interface LocatePorts {
  readonly lists: CatalogueLists;
  readonly objects: ObjectPort;
  readonly modules: Modules;
}

type Place = z.output<typeof placeShape>;
type Asked = QueryOf<typeof places.locate>;

/** Above this a text is shown in bytes: finding a line means reading all before it. */
const MAX_TEXT = 32 * 1024 ** 2;
const CHILD = programBeside(import.meta.url, 'child');
const RECORD_CHILD = programBeside(import.meta.url, 'record-child');
/** Finding one record means reading all of its file: a larger one would keep its reader waiting. */
const MAX_DECODED = 8 * 1024 ** 2;
/** Lines of code on both sides of a place. */
const MAX_LINES = 401;
const LIMITS = { seconds: 20, memory: 1024 ** 3 };

/**
 * Shows the place that a locator names in a release that is here. Refuses
 * `locate.no-locator`, `locate.other-bytes`, `locate.outside`, `locate.place-kind`.
 */
export async function locate(asked: Asked, viewer: Viewer, ports: LocatePorts): Promise<Place> {
  const locator = locatorOf(asked.locator);
  const release = await releaseFor(locator, viewer, ports.lists);
  const path = pathOf(locator);
  const member = await memberOf(release, path, ports.lists);
  const guard = locator.guards.find(({ kind }) => kind === 'sha256');
  if (guard?.kind === 'sha256' && `sha256:${guard.sha256}` !== member.digest) {
    throw new Refused('locate.other-bytes', undefined, `${path} is ${member.digest} here`);
  }
  const about = {
    locator: printLocator(locator),
    release: release.number,
    target: release.target,
    path: member.path,
    digest: member.digest,
    size: member.size,
    notes: [],
  };
  const view = await viewOf(locator, member, asked, release, ports);
  return { ...about, ...view };
}

function locatorOf(text: string): Locator {
  try {
    return normaliseLocator(text);
  } catch (error) {
    if (!(error instanceof LocatorRefused)) throw error;
    throw new Refused('locate.no-locator', undefined, error.message);
  }
}

async function releaseFor(
  { target }: Locator,
  viewer: Viewer,
  lists: CatalogueLists,
): Promise<ReleaseFound> {
  const text = printTarget(target.kind === 'purl' ? { kind: 'purl', purl: target.purl } : target);
  const { rows } = await lists.releases({ target: text }, { viewer, limit: 1 });
  if (rows[0] !== undefined) return rows[0];
  const { rows: others } = await lists.releases({ name: nameOf(text) }, { viewer, limit: 5 });
  const near = others.map((one) => one.target).join(', ');
  throw new Refused(
    'catalogue.absent',
    undefined,
    `${text} is not here${near === '' ? '' : `; there are ${near}`}`,
  );
}

function pathOf({ target }: Locator): string {
  if (target.kind !== 'purl' || target.path === undefined) return '';
  return target.path.map((segments) => segments.join('/')).join('!/');
}

interface MemberFound {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  /** What the path goes on with behind it: a slice of a fat file. */
  readonly slice?: string;
}

/** The file itself, or the one that holds it: `x.cvd` of `x.cvd!/daily.ndb`. */
async function memberOf(
  { number, target }: ReleaseFound,
  path: string,
  lists: CatalogueLists,
): Promise<MemberFound> {
  for (let end = path.length; end > 0; end = path.lastIndexOf('!/', end - 1)) {
    const found = await lists.member(number, path.slice(0, end));
    if (found === undefined) continue;
    const slice = end === path.length ? undefined : path.slice(end + 2);
    return { ...found, digest: found.digest as Digest, ...given('slice', slice) };
  }
  const { rows } = await lists.members(number, { limit: 2 });
  const [only] = rows;
  if (path === '' && only !== undefined && rows.length === 1) {
    return { ...only, digest: only.digest as Digest };
  }
  throw new Refused('catalogue.absent', undefined, `${target} has no file "${path}"`);
}

type View = Pick<
  Place,
  'kind' | 'start' | 'end' | 'lines' | 'records' | 'code' | 'within' | 'forms'
> &
  Partial<Pick<Place, 'notes'>>;

async function viewOf(
  { place }: Locator,
  member: MemberFound,
  asked: Asked,
  release: ReleaseFound,
  ports: LocatePorts,
): Promise<View> {
  const isText = member.size <= MAX_TEXT && asked.as !== 'hex';
  switch (place.kind) {
    case 'line':
    case 'all': {
      const start = place.kind === 'line' ? place.start : { line: 1 };
      const end = place.kind === 'line' ? (place.end ?? place.start) : { line: 1 };
      const records = asked.as === 'record' ? await recordsIn(member, asked.locator, ports) : [];
      if (!isText) return hex(member, 0, 1, asked, ports);
      const bytes = await bytesOf(member, ports);
      const view = sourceRows(bytes, start, end, asked.context);
      if (view === undefined) throw outside(`the file has no line ${start.line}`);
      return {
        kind: 'source',
        ...view,
        ...given('records', records?.length === 0 ? undefined : records),
      };
    }
    case 'rec': {
      const viewer = { sees: 'all' } as const;
      const filter = { release: release.number, id: place.id };
      const { rows } = await ports.lists.records(filter, { viewer, limit: 8 });
      if (rows.length === 0) throw outside(`no record has the id ${place.id}`);
      const lines = rows.map(({ line, text }) => ({ at: String(line), text, isPlace: true }));
      const records = await recordsIn(member, asked.locator, ports);
      return { kind: 'record', start: 0, end: member.size, lines, ...given('records', records) };
    }
    case 'off': {
      const at = Number(place.address);
      if (at >= member.size) throw outside(`the file ends at 0x${member.size.toString(16)}`);
      if (asked.as === 'disassembly') return code(member, asked, ports);
      return hex(member, at, place.length ?? 1, asked, ports);
    }
    case 'rva':
    case 'va':
    case 'sec':
    case 'sym':
    case 'wasm':
      return code(member, asked, ports);
    case 'il': {
      const { at, name, lines } = await cilOf(member, asked, ports);
      if (asked.as === 'hex') return hex(member, at, 1, asked, ports);
      return { kind: 'disassembly', start: at, end: at + 1, lines: [...lines], notes: [name] };
    }
    default:
      return place satisfies never;
  }
}

/** Code around a place; its bytes where they are asked for, or are no code. */
async function code(member: MemberFound, asked: Asked, ports: LocatePorts): Promise<View> {
  const { modules, objects } = ports;
  const file: ModuleFile = { ...member, ...given('slice', member.slice) };
  const task = { place: printLocator(normaliseLocator(asked.locator)) };
  const span = await modules.ask<Span>(file, { what: 'span', ...task });
  const bytes = asked.as === 'hex' ? undefined : await codeBytes(file, span, objects);
  const forms = [...span.forms];
  const found =
    bytes === undefined
      ? undefined
      : await modules.ask<CodeAnswer>(file, {
          what: 'code',
          ...task,
          bytes,
          limit: MAX_LINES,
          around: asked.context,
        });
  if (found === undefined || found.lines.length === 0) {
    return { ...(await hex(member, span.at, span.length, asked, ports)), forms };
  }
  return {
    kind: 'disassembly',
    start: span.at,
    end: span.at + span.length,
    lines: found.lines.map(({ at, text, note, isPlace }) => ({
      at,
      text: note === undefined ? text : `${text}  ; ${note.text || note.kind}`,
      isPlace,
    })),
    code: found.lines,
    ...given('within', found.function),
    forms,
  };
}

/** Methods of CIL are read in a child of their own: their reader does much for a file that asks for it. */
async function cilOf(member: MemberFound, asked: Asked, ports: LocatePorts): Promise<CilShown> {
  const bytes = Buffer.from(await bytesOf(member, ports)).toString('base64');
  const locator = printLocator(normaliseLocator(asked.locator));
  const task: CilTask = { bytes, locator, context: asked.context };
  const end = await runChild(CHILD, task, LIMITS, new AbortController().signal, () => {});
  if (end.state === 'done') return end.result as CilShown;
  if (end.state === 'refused') throw new Refused(end.code, undefined, end.message);
  throw new Refused('locate.place-kind', undefined, `the file could not be read: ${end.why}`);
}

/** Decoded in a child too; undefined where that took too long: then the text as it is has to do. */
async function recordsIn(
  member: MemberFound,
  locator: string,
  ports: LocatePorts,
): Promise<Place['records'] | undefined> {
  if (member.size > MAX_DECODED) return undefined;
  const bytes = Buffer.from(await bytesOf(member, ports)).toString('base64');
  const task: RecordTask = { path: member.path, bytes, locator };
  const end = await runChild(RECORD_CHILD, task, LIMITS, new AbortController().signal, () => {});
  return end.state === 'done' ? (end.result as Place['records']) : undefined;
}

async function hex(
  member: MemberFound,
  at: number,
  length: number,
  { context }: Asked,
  { objects }: LocatePorts,
): Promise<View> {
  const from = Math.max(0, (Math.floor(at / HEX_ROW) - context) * HEX_ROW);
  const shownEnd = Math.min(at + Math.max(1, length), at + 4_096);
  const to = Math.min(member.size, (Math.ceil(shownEnd / HEX_ROW) + context) * HEX_ROW);
  const bytes = (await objects.readRange(member.digest, from, to)) ?? new Uint8Array(0);
  return {
    kind: 'hex',
    start: at,
    end: at + length,
    lines: hexRows(bytes, from, at, at + length).map((row) => ({
      at: `0x${row.at.toString(16).padStart(8, '0')}`,
      text: `${row.hex}  ${row.text}`,
      isPlace: row.isPlace,
    })),
  };
}

async function bytesOf({ digest }: MemberFound, { objects }: LocatePorts): Promise<Uint8Array> {
  const bytes = await objects.read(digest);
  if (bytes === undefined)
    throw new Refused('catalogue.absent', undefined, `${digest} is not kept`);
  return bytes;
}

function outside(says: string): Refused {
  return new Refused('locate.outside', undefined, says);
}
