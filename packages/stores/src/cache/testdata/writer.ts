/** Writes 200 readings in 20 transactions, from the key given on. */
import { ReadingCache } from '../readings.ts';

const [, , folder, from] = process.argv;
const cache = new ReadingCache(folder!, 1);
for (let batch = 0; batch < 20; batch++) {
  const keys = Array.from({ length: 10 }, (_, n) => Number(from) + batch * 10 + n);
  cache.write(keys.map((n) => [n.toString(16).padStart(64, '0'), Buffer.alloc(1000, n)] as const));
}
cache.close();
