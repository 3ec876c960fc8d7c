/** What the doctor found of one thing. */
export interface Found {
  /** `database`. */
  readonly what: string;
  /** `bad`: the service does not run so, or loses something; `warn`: it runs, and somebody should look. */
  readonly state: 'ok' | 'warn' | 'bad';
  readonly found: string;
  /** What to do; absent where nothing is. */
  readonly next?: string;
}

export function ok(what: string, found: string): Found {
  return { what, state: 'ok', found };
}

export function warn(what: string, found: string, next: string): Found {
  return { what, state: 'warn', found, next };
}

export function bad(what: string, found: string, next: string): Found {
  return { what, state: 'bad', found, next };
}

/** A check that fails is a finding too, not the end of the others. */
export async function checked(
  what: string,
  next: string,
  check: () => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  try {
    return await check();
  } catch (error) {
    const { code, found, message } = error as Error & { code?: string; found?: string };
    const told = found ?? message;
    return [bad(what, code === undefined || told.includes(code) ? told : `${code}: ${told}`, next)];
  }
}
