/** Readings kept from run to run: an entry of its own, for it is opened at each start. */
export { cacheFolder } from './folder.ts';
export { type CacheInfo, MAX_CACHE_BYTES, ReadingCache } from './readings.ts';
