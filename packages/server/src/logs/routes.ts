import { parseTilePath } from '@avow/log';
import type { App } from '../app/env.ts';
import { PUBLIC_HEADERS } from '../app/headers.ts';

/** Files that readers of a log may have: `checkpoint`, `tile/…`, `artifact/…`. */
export interface PublicLog {
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Tiles and artifacts never change (C2SP tlog-tiles). */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const ARTIFACT = /^artifact\/[0-9a-f]{64}$/;

/** The log under `/log` as C2SP tlog-tiles has it, for any origin: proofs are made of it by whoever wants one. */
export function mountLog(app: App, log: PublicLog): void {
  app.get('/log/*', async (context, next) => {
    // The page about the log, where there are pages.
    if (context.req.path === '/log') return next();
    const path = context.req.path.slice('/log/'.length);
    context.set('route', `/log/${path.split('/', 1)[0]}`);
    const isTile = parseTilePath(path) !== undefined;
    if (path !== 'checkpoint' && !isTile && !ARTIFACT.test(path)) return context.notFound();
    const bytes = await log.read(path);
    if (bytes === undefined) return context.notFound();
    return context.body(new Uint8Array(bytes), 200, {
      ...PUBLIC_HEADERS,
      'content-type':
        path === 'checkpoint' ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      'cache-control': path === 'checkpoint' ? 'no-cache' : IMMUTABLE,
    });
  });
}
