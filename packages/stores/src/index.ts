export { cacheFolder } from './cache/folder.ts';
export { type CacheInfo, MAX_CACHE_BYTES, ReadingCache } from './cache/readings.ts';
