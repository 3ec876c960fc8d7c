import { createHash } from 'node:crypto';
import { loggerOf, readConfig, serve } from '@avow/server';
import { TOKEN } from './size.ts';

/** The service that is measured, in a process of its own: asked by a message, it tells its memory. */
const [data = '', database = ''] = process.argv.slice(2);
const limits = {
  'limits.uploadsAtOnce': 1e9,
  'limits.read': 1e9,
  'limits.write': 1e9,
  'limits.costly': 1e9,
};
const options = { port: 0, 'limits.proofOfWork': 0, 'workers.count': 0, ...limits };
const read = readConfig({
  environment: {},
  data,
  options: { ...options, ...(database === '' ? {} : { database }) },
});
const token = {
  name: 'bench',
  sha256: createHash('sha256').update(TOKEN).digest('hex'),
  grants: [],
  scopes: ['claim' as const],
};
const running = await serve({
  config: { ...read, tokens: [token] },
  log: loggerOf('error'),
  version: '0',
});
process.send!({ url: running.url });
process.on('message', async () => {
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  await running.stop();
  process.send!({ mebibytes });
  process.disconnect();
});
