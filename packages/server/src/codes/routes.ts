import { readFile } from 'node:fs/promises';
import type { App } from '../app/env.ts';

const CODE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** The page of a code, to which every error links: plain text, as it is in docs/codes. */
export function mountCodes(app: App, folder: URL): void {
  app.get('/codes/:code', async (context) => {
    context.set('route', '/codes/{code}');
    const code = context.req.param('code');
    if (!CODE.test(code)) return context.notFound();
    try {
      const text = await readFile(new URL(`${code}.md`, folder), 'utf8');
      return context.text(text, 200, { 'cache-control': 'public, max-age=3600' });
    } catch {
      return context.notFound();
    }
  });
}
