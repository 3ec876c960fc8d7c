/** Canonical locator of the line on which a record stands. */
export function recordLocator(record: {
  readonly target: string;
  readonly member: string;
  readonly line: number;
}): string {
  const path = record.member.split('/').map(encodeURIComponent).join('/');
  return `${record.target}${path === '' ? '' : `#${path}`} @line:${record.line}`;
}
