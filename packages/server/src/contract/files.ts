import { z } from 'zod';
import { digest, typed } from './common.ts';
import { route } from './route.ts';

export const files = {
  list: route({
    method: 'get',
    path: '/files',
    id: 'file.list',
    summary: 'Files with a name over all products; a name without an ending fits any',
    access: 'catalogue.read',
    query: z.strictObject({
      name: typed(255).min(1),
      limit: z.coerce.number().int().min(1).max(200).default(20),
    }),
    answer: z.object({
      items: z.array(
        z.object({
          release: z.number().int(),
          target: z.string(),
          path: z.string(),
          digest,
          size: z.number().int(),
        }),
      ),
    }),
  }),
};
