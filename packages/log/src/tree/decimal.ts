/**
 * A size or index as the log formats print it: ASCII decimal, no sign, no
 * leading zero, below 2^64. Undefined for any other text.
 */
export function parseDecimal(text: string): bigint | undefined {
  if (!/^(?:0|[1-9]\d{0,19})$/.test(text)) return undefined;
  const value = BigInt(text);
  return value < 1n << 64n ? value : undefined;
}
