import type { Config } from '@avow/server';

/** Which service: its configuration, as `avow serve` reads it. */
export interface ServiceOptions {
  readonly config?: string;
  readonly data?: string;
}

export async function configOf({ config, data }: ServiceOptions): Promise<Config> {
  const { configSources, readConfig } = await import('@avow/server');
  return readConfig(configSources(config, { data }));
}

/** `postgres://avow:…@db/avow`: an address without what is secret in it. */
export function shownAddress(address: string): string {
  return address.replace(/^([a-z0-9+]+:\/\/[^/@:]*):[^@]*@/i, '$1:…@');
}

/** `1,234 rows in 20 tables`, largest table first below. */
export function countsOf({
  tables,
  objects,
}: {
  readonly tables?: readonly { readonly name: string; readonly rows: number }[];
  readonly objects?: { readonly objects: number; readonly bytes: number };
}): string {
  const lines: string[] = [];
  if (tables !== undefined) {
    const rows = tables.reduce((sum, one) => sum + one.rows, 0);
    lines.push(`${rows} rows in ${tables.length} tables:`);
    for (const one of tables) if (one.rows > 0) lines.push(`  ${one.name}: ${one.rows}`);
  }
  if (objects !== undefined) lines.push(`${objects.objects} objects, ${objects.bytes} bytes`);
  return `${lines.join('\n')}\n`;
}
