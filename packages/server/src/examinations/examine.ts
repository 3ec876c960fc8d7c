import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { hexOf, latin1Text } from '@avow/bytes';
import { examineProduct } from '@avow/examine/product';
import { CONTAINER_LIMITS, type Member } from '@avow/formats/container';
import { openProduct, type Product } from '@avow/products';
import { ReadingCache } from '@avow/stores/cache';
import { engine, FlowFollower, ModuleReader, readDatabasesWith, rules } from '@avow/workers';
import type { ExaminationTask, MemberLine, RecordLine } from './task.ts';

/** Of a record's text, so much is kept for lists and searches. */
const MAX_RECORD_TEXT = 300;
const DAY_MS = 86_400_000;

/** Examines a product and writes what came of it into a folder. Refuses as opening and reading do. */
export async function examineInto(
  task: ExaminationTask,
  tell: (says: string) => void,
): Promise<void> {
  const product = await openProduct(task.spec, {
    folder: task.out,
    limits: CONTAINER_LIMITS,
    onProgress: tell,
  });
  const bytes = product.artifact?.();
  if (bytes !== undefined) await writeFile(join(task.out, 'artifact'), bytes);
  const members = await keepMembers(product, task.out);
  const examination = await examined(product, task, tell);
  // As `avow examine --format json` prints it, so that its digest is the same.
  await writeFile(join(task.out, 'result.json'), `${JSON.stringify(examination, undefined, 1)}\n`);
  if (examination.databases.length > 0) {
    tell('reading records');
    await keepRecords(members, task.out);
  }
}

async function examined(product: Product, task: ExaminationTask, tell: (says: string) => void) {
  const cache = new ReadingCache(task.cache, Math.floor(Date.now() / DAY_MS));
  const own = engine();
  const rule = rules();
  const shared = { engine: own.digest, rules: rule.digest, store: cache };
  const reader = new ModuleReader({
    ...shared,
    limits: { workers: task.readers },
    onProgress: (done, all) => tell(`reading modules: ${done} of ${all}`),
  });
  const follower = new FlowFollower({ ...shared, pool: reader.pool });
  try {
    return await examineProduct({
      product,
      engine: own,
      rules: rule,
      readModules: (tasks) => reader.read(tasks),
      followData: (job) => {
        tell('following data');
        return follower.follow(job);
      },
      readDatabases: (members, about) => {
        tell('reading databases');
        return readDatabasesWith(members, [], about);
      },
      ...(task.declaration === undefined
        ? {}
        : {
            declaration: { source: 'declaration', form: 'avow', text: task.declaration } as const,
          }),
    });
  } finally {
    reader.close();
    cache.close();
  }
}

/** Files of the product by digest: their names are ours, their paths are only told. */
async function keepMembers(product: Product, out: string): Promise<Member[]> {
  await mkdir(join(out, 'files'));
  const list = createWriteStream(join(out, 'members.jsonl'));
  const members: Member[] = [];
  const kept = new Set<string>();
  for await (const member of product.members()) {
    if (!('bytes' in member) || member.link !== undefined) continue;
    members.push(member);
    const { path, digest, bytes } = member;
    const line: MemberLine = { path, digest, size: bytes.length };
    list.write(`${JSON.stringify(line)}\n`);
    if (member.container !== undefined || kept.has(digest)) continue;
    kept.add(digest);
    await writeFile(join(out, 'files', digest.slice('sha256:'.length)), bytes);
  }
  list.end();
  await finished(list);
  return members;
}

async function keepRecords(members: readonly Member[], out: string): Promise<void> {
  const { databasesIn } = await import('@avow/formats/record');
  const { recordsOf } = await import('@avow/examine/record');
  const list = createWriteStream(join(out, 'records.jsonl'));
  for (const [database, found] of databasesIn(members).entries()) {
    for (const { id, line, member, digest, source } of recordsOf(found)) {
      const text = source.slice(0, MAX_RECORD_TEXT);
      const row: RecordLine = { database, id, line, member, digest, text: readable(text) };
      if (!list.write(`${JSON.stringify(row)}\n`)) {
        await once(list, 'drain');
      }
    }
  }
  list.end();
  await finished(list);
}

/** A record's bytes as text; a file that is no text has them in hex. */
function readable(source: string): string {
  const bytes = Buffer.from(source, 'latin1');
  if (bytes.includes(0)) return hexOf(bytes);
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? latin1Text(bytes) : text;
}
