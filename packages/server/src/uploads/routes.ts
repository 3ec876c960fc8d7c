import { randomBytes } from 'node:crypto';
import { Refused } from '@avow/bytes';
import type { JobQueue } from '@avow/stores/jobs';
import type { UploadRow, Uploads } from '@avow/stores/uploads';
import type { z } from 'zod';
import { accountOf } from '../access/identity.ts';
import type { Api } from '../app/api.ts';
import { type Loaded, Reply } from '../app/call.ts';
import { given } from '../catalogue/shown.ts';
import type { Config } from '../config/config.ts';
import { type upload as uploadShape, uploads } from '../contract/uploads.ts';
import type { ObjectPort } from '../kept/objects.ts';
import type { UploadFiles } from './files.ts';

export interface UploadPorts {
  readonly uploads: Uploads;
  readonly files: UploadFiles;
  readonly objects: ObjectPort;
  readonly jobs: JobQueue;
  readonly limits: Config['limits'];
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

/**
 * Resumable uploads in the manner of tus 1.0: begun with a size, gone on with
 * at an offset, and examined once whole. Until it was examined nobody gets it.
 */
export function answerUploads(api: Api, ports: UploadPorts): void {
  const object = async ({ params }: { params: { upload: string } }) => found(ports, params.upload);
  api.answer(uploads.create, {
    handle: async ({ body, identity }) => {
      const owner = accountOf(identity)!;
      const { limits, now } = ports;
      if (body.size > limits.upload) {
        throw new Refused(
          'upload.too-large',
          undefined,
          `an artifact has at most ${limits.upload} bytes`,
        );
      }
      const { open, bytes } = await ports.uploads.useOf(owner, now() - DAY_MS);
      if (open >= limits.uploadsAtOnce || bytes + body.size > limits.uploadsADay) {
        throw new Refused(
          'upload.quota',
          undefined,
          `${open} are under way, ${bytes} bytes in a day`,
        );
      }
      const id = randomBytes(16).toString('base64url');
      await ports.uploads.create({
        id,
        owner,
        file: body.file,
        size: body.size,
        expected: body.digest ?? null,
        is_public: body.isPublic ? 1 : 0,
        created: now(),
      });
      const row = (await ports.uploads.read(id))!;
      return new Reply(shown(row), { ...headersOf(row), location: `/api/v1/uploads/${id}` });
    },
  });
  api.answer(uploads.read, {
    object,
    handle: async (_, row) => new Reply(shown(row), headersOf(row)),
  });
  api.answer(uploads.append, {
    object,
    handle: async ({ request }, row) => {
      const after = await append(ports, row, request);
      return new Reply(shown(after), headersOf(after));
    },
  });
  api.answer(uploads.remove, {
    object,
    handle: async (_, row) => {
      if (row.state !== 'open') throw gone(row);
      await ports.uploads.remove(row.id);
      await ports.files.remove(row.id);
      return undefined;
    },
  });
}

async function found(ports: UploadPorts, id: string): Promise<Loaded<UploadRow> | undefined> {
  const value = await ports.uploads.read(id);
  return value && { value, facts: { isPublic: false, owner: value.owner } };
}

async function append(ports: UploadPorts, row: UploadRow, request: Request): Promise<UploadRow> {
  if (request.headers.get('content-type') !== 'application/offset+octet-stream') {
    throw new Refused('request.media', undefined, 'bytes come as application/offset+octet-stream');
  }
  if (row.state !== 'open') throw gone(row);
  const at = Number(request.headers.get('upload-offset') ?? Number.NaN);
  if (at !== row.at_offset) {
    throw new Refused(
      'upload.offset',
      undefined,
      `the upload is at ${row.at_offset}, not at ${at}`,
    );
  }
  const most = row.size - row.at_offset;
  const tooMany = () =>
    new Refused('upload.too-large', undefined, `${most} bytes are left of what was said`);
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooMany();
  const end = await ports.files.append(row.id, at, request.body, most);
  // What was written of a body that is too long counts for nothing: the offset stays.
  if (end.isOver) throw tooMany();
  if (!(await ports.uploads.advance(row.id, at, end.at))) {
    throw new Refused('upload.offset', undefined, 'another request went on with it');
  }
  if (end.at === row.size) await complete(ports, row);
  return (await ports.uploads.read(row.id))!;
}

async function complete(ports: UploadPorts, row: UploadRow): Promise<void> {
  const digest = await ports.files.digest(row.id);
  if (row.expected !== null && row.expected !== digest) {
    await ports.uploads.refuse(row.id, `it is ${digest}, and was to be ${row.expected}`);
    await ports.files.remove(row.id);
    throw new Refused('upload.digest', undefined, `it is ${digest}, and was to be ${row.expected}`);
  }
  await ports.objects.keepFile(ports.files.pathOf(row.id), digest);
  const job = {
    kind: 'examine',
    key: `upload:${row.id}`,
    data: { upload: row.id, owner: row.owner },
  };
  await ports.uploads.complete(row.id, digest, async (tables) => {
    const [id] = await ports.jobs.enqueue([job], tables);
    return id!;
  });
  await ports.files.remove(row.id);
}

function gone({ state }: UploadRow): Refused {
  return new Refused('upload.gone', undefined, `the upload is ${state}`);
}

function headersOf(row: UploadRow): Readonly<Record<string, string>> {
  return {
    'upload-offset': String(row.at_offset),
    'upload-length': String(row.size),
    'cache-control': 'no-store',
  };
}

function shown(row: UploadRow): z.output<typeof uploadShape> {
  return {
    id: row.id,
    file: row.file,
    size: row.size,
    offset: row.at_offset,
    state: row.state,
    ...given('digest', row.digest as `sha256:${string}` | null),
    ...given('job', row.job),
    ...given('release', row.release),
    ...given('why', row.why),
    at: new Date(row.created).toISOString(),
  };
}
