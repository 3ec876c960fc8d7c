import { hexOf, sha256, utf8Bytes } from '@avow/bytes';

/** A log's folder under a witness's or mirror's monitoring prefix: hex of SHA-256 of its origin. */
export function originPath(origin: string): string {
  return hexOf(sha256(utf8Bytes(origin)));
}

/** Where a witness serves the latest checkpoint that it cosigned (tlog-witness, monitoring). */
export function monitoringPath(origin: string): string {
  return `${originPath(origin)}/checkpoint`;
}
