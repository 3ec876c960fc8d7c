/**
 * A worker that does jobs until it is killed. The effect of a job is a row that
 * says who wrote it; nothing but the queue keeps it from being written twice.
 *
 * Arguments: address of the database, a name.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../database/index.ts';
import { openJobs, work } from '../jobs/index.ts';
import { KILL_KINDS } from './jobs-kill.ts';

interface Tables {
  effects: { key: string; worker: string };
}

let isWorking = false;
const [url = '', name = ''] = process.argv.slice(2);
const database = await openDatabase(url, { maxConnections: 4 });
const queue = await openJobs(database, KILL_KINDS);
await work(queue, {
  kinds: KILL_KINDS,
  atOnce: 8,
  signal: new AbortController().signal,
  onTrouble: (error) => console.error(error),
  handlers: {
    count: async ({ key }) => ({
      effect: async (tables) => {
        if (!isWorking) writeSync(1, 'working\n');
        isWorking = true;
        await (tables as unknown as import('kysely').Transaction<Tables>)
          .insertInto('effects')
          .values({ key, worker: name })
          .execute();
      },
    }),
  },
});
