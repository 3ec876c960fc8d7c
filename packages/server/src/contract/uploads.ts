import { z } from 'zod';
import { digest, time } from './common.ts';
import { named } from './named.ts';
import { route } from './route.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const onUpload = z.strictObject({ upload: id });

export const upload = named(
  'Upload',
  z.object({
    id,
    file: z.string(),
    size: z.number().int(),
    offset: z.number().int().describe('bytes that are here'),
    state: z.enum(['open', 'complete', 'examined', 'refused']),
    digest: digest.optional(),
    job: z.string().optional().describe('that examines it'),
    release: z.number().int().optional(),
    why: z.string().optional(),
    at: time,
  }),
);

export const uploads = {
  create: route({
    method: 'post',
    path: '/uploads',
    id: 'upload.create',
    summary: 'Begins an upload of an artifact',
    access: 'upload.create',
    body: z.strictObject({
      file: z
        .string()
        .regex(/^[\w.@+ -]{1,200}$/, 'letters, digits, dots, hyphens, @, + and spaces')
        .describe('its name, by which its kind is known'),
      size: z.number().int().min(1),
      digest: digest.optional().describe('what it has to be'),
      isPublic: z.boolean().default(false).describe('false: you and staff alone see it'),
    }),
    answer: upload,
    status: 201,
  }),
  read: route({
    method: 'get',
    path: '/uploads/{upload}',
    id: 'upload.read',
    summary: 'How far an upload is; its headers have `upload-offset`',
    access: 'upload.read',
    params: onUpload,
    answer: upload,
  }),
  append: route({
    method: 'patch',
    path: '/uploads/{upload}',
    id: 'upload.append',
    summary: 'Goes on at `upload-offset`; the last byte has it examined',
    access: 'upload.write',
    params: onUpload,
    body: 'application/offset+octet-stream',
    answer: upload,
  }),
  remove: route({
    method: 'delete',
    path: '/uploads/{upload}',
    id: 'upload.remove',
    summary: 'Gives an upload up',
    access: 'upload.write',
    params: onUpload,
  }),
};
