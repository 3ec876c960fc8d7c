import { Client } from '@avow/server/client';

/** A client of the service at `url`; its token comes from the environment, where no list of processes shows it. */
export function clientOf(url: string): Client {
  const token = process.env['AVOW_TOKEN'];
  return new Client({ url, ...(token === undefined ? {} : { token }) });
}
