import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Digest, digestOf } from '@avow/bytes';
import { nameOf } from '@avow/docket';
import type { Examination } from '@avow/examine';
import { parseTarget } from '@avow/locator';
import type { Catalogue, NewMember, NewRecord } from '@avow/stores/catalogue';
import type { ObjectPort } from '../kept/objects.ts';
import type { MemberLine, RecordLine } from './task.ts';

export interface IngestPorts {
  readonly catalogue: Catalogue;
  readonly objects: ObjectPort;
  readonly now: () => number;
}

/** Where the product came from and who may see it. */
export interface Origin {
  readonly file?: string;
  readonly owner?: string;
  readonly isPublic: boolean;
}

/** Rows put at once. */
const CHUNK = 2_000;

/**
 * Takes what a child wrote into a folder: bytes become objects, the result
 * document becomes rows. Done twice it is there once. Gives the release.
 */
export async function ingest(folder: string, origin: Origin, ports: IngestPorts): Promise<number> {
  const bytes = await readFile(join(folder, 'result.json'));
  const examination = JSON.parse(bytes.toString('utf8')) as Examination;
  const document = await ports.objects.keep(bytes);
  const artifact = await keepArtifact(folder, ports.objects);
  const { target, digest, size } = examination.product;
  const at = new Date(ports.now()).toISOString();
  const release = await ports.catalogue.addRelease({
    name: nameOf(target),
    target,
    version: versionOf(target),
    digest,
    size,
    isPublic: origin.isPublic,
    at,
    ...(artifact === undefined ? {} : { artifact }),
    ...(origin.file === undefined ? {} : { file: origin.file }),
    ...(origin.owner === undefined ? {} : { owner: origin.owner }),
  });
  await takeMembers(folder, release, ports);
  const number = await takeExamination(release, document, examination, at, ports.catalogue);
  await takeUpdates(folder, number, examination, ports.catalogue);
  await ports.catalogue.finish(release, number);
  return release;
}

async function keepArtifact(folder: string, objects: ObjectPort): Promise<Digest | undefined> {
  const path = join(folder, 'artifact');
  return existsSync(path) ? objects.keep(await readFile(path)) : undefined;
}

function versionOf(target: string): string {
  const parsed = parseTarget(target);
  return parsed.kind === 'purl' ? (parsed.purl.version ?? '') : '';
}

async function takeMembers(
  folder: string,
  release: number,
  { catalogue, objects }: IngestPorts,
): Promise<void> {
  const kept = new Set<string>();
  await inChunks<MemberLine>(join(folder, 'members.jsonl'), async (lines) => {
    const members: NewMember[] = lines.map(({ path, digest, size }) => ({ path, digest, size }));
    for (const { digest } of members) {
      if (kept.has(digest)) continue;
      kept.add(digest);
      const file = join(folder, 'files', basename(digest.slice('sha256:'.length)));
      if (existsSync(file)) await objects.keepFile(file, digest as Digest);
    }
    await catalogue.putMembers(release, members);
  });
}

async function takeExamination(
  release: number,
  document: Digest,
  examination: Examination,
  at: string,
  catalogue: Catalogue,
): Promise<number> {
  const { modules, features, flows, findings, unknowns, declaration } = examination;
  const number = await catalogue.beginExamination({
    release,
    document,
    engine: examination.engine,
    rules: examination.rules,
    answer: examination.answer,
    coverage: JSON.stringify(examination.coverage),
    counts: {
      modules: modules.length,
      features: features.length,
      flows: flows.length,
      findings: findings.length,
      unknowns: unknowns.length,
    },
    at,
    ...(declaration?.digest === undefined ? {} : { declaration: declaration.digest }),
  });
  await catalogue.putModules(
    number,
    distinct(modules).map(({ path, kind, digest, size, state, why }) => ({
      path,
      kind,
      digest,
      size,
      state,
      why: why === undefined ? null : JSON.stringify(why),
    })),
  );
  await catalogue.putFeatures(
    number,
    features.map((one) => ({
      id: one.id,
      feature: one.feature,
      locator: kept(one.locator),
      recipient: one.recipient === undefined ? null : kept(one.recipient),
      at_time: one.when,
      rule: one.rule,
      evidence: kept(one.evidence),
      record: one.record === undefined ? null : kept(one.record.id ?? ''),
    })),
  );
  await catalogue.putFlows(
    number,
    flows.map(({ id, source, destination, recipient, gate, transforms, hops }) => ({
      id,
      source,
      destination,
      recipient: recipient === undefined ? null : kept(recipient),
      gate: gate === undefined ? null : kept(gate),
      way: kept(JSON.stringify({ transforms, hops })),
    })),
  );
  await catalogue.putFindings(
    number,
    findings.map((one) => ({
      id: one.id,
      kind: one.kind,
      rank: one.rank,
      of_id: one.of,
      locator: kept(one.locator ?? ''),
      recipient: one.recipient === undefined ? null : kept(one.recipient),
      detail: kept(JSON.stringify(one)),
    })),
  );
  return number;
}

/** Of a module that is told twice, the first counts. */
function distinct<T extends { readonly path: string }>(all: readonly T[]): T[] {
  return [...new Map([...all].reverse().map((one) => [one.path, one])).values()].reverse();
}

/** Databases keep no U+0000 and no lone surrogates; products have both. */
function kept(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

async function takeUpdates(
  folder: string,
  examination: number,
  { databases }: Examination,
  catalogue: Catalogue,
): Promise<void> {
  const numbers: number[] = [];
  for (const one of databases) {
    numbers.push(
      await catalogue.addUpdate(examination, {
        path: kept(one.path),
        format: one.format,
        update_number: kept(one.update),
        digest: one.digest ?? digestOf(one.path),
        records: one.records,
        understood: one.understood,
      }),
    );
  }
  const path = join(folder, 'records.jsonl');
  if (numbers.length === 0 || !existsSync(path)) return;
  await inChunks<RecordLine>(path, async (lines) => {
    for (const [index, number] of numbers.entries()) {
      const rows: NewRecord[] = lines
        .filter(({ database }) => database === index)
        .map(({ id, line, member, digest, text }) => ({
          id: kept(id),
          line,
          member: kept(member),
          digest,
          text: kept(text),
        }));
      if (rows.length > 0) await catalogue.putRecords(number, rows);
    }
  });
}

async function inChunks<Line>(
  path: string,
  take: (lines: readonly Line[]) => Promise<void>,
): Promise<void> {
  let chunk: Line[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    chunk.push(JSON.parse(line) as Line);
    if (chunk.length < CHUNK) continue;
    await take(chunk);
    chunk = [];
  }
  if (chunk.length > 0) await take(chunk);
}
