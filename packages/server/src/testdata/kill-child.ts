import { createHash } from 'node:crypto';
import { loggerOf, readConfig, serve } from '../index.ts';

/** A server that is killed: its data is the first argument; says where it listens. */
const [data = ''] = process.argv.slice(2);
const many = 1e9;
const config = readConfig({
  environment: {},
  data,
  options: {
    port: 0,
    level: 'silent',
    url: 'http://service.test',
    'limits.proofOfWork': 0,
    'limits.read': many,
    'limits.write': many,
    'limits.costly': many,
    'limits.uploadsAtOnce': many,
  },
});
const tokenOf = (name: string, role?: 'lead') => ({
  name,
  sha256: createHash('sha256').update(`token-of-${name}-0123`).digest('hex'),
  grants: role === undefined ? [] : [{ role }],
  scopes: ['read' as const, 'claim' as const, 'docket' as const, 'administer' as const],
});
const running = await serve({
  config: { ...config, tokens: [tokenOf('ann'), tokenOf('lea', 'lead')] },
  log: loggerOf('silent'),
  version: '0',
});
console.log(running.url);
