/** Options of the gate, as the command line has them. */
export interface GateOptions {
  readonly failOn?: readonly string[];
  readonly allow?: string;
  readonly baseline?: string;
}

export function isGated({ failOn, allow, baseline }: GateOptions): boolean {
  return failOn !== undefined || allow !== undefined || baseline !== undefined;
}
