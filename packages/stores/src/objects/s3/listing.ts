/** What a page of ListObjectsV2 says; our names have no character that XML or the service would write otherwise. */
export function namesOfListing(body: Uint8Array): {
  readonly names: readonly string[];
  readonly isTruncated: boolean;
} {
  const text = new TextDecoder().decode(body);
  const names = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1]!);
  return { names, isTruncated: text.includes('<IsTruncated>true</IsTruncated>') };
}
