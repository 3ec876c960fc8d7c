/** A namespace and those above it: `a/b/c`, `a/b`, `a`. */
export function namespacesAbove(namespace: string): string[] {
  if (namespace === '') return [];
  const parts = namespace.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}
