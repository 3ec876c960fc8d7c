/** Where the file of a link's symbol ends; -1 for a symbol of the rules. */
export function linkMark(text: string): number {
  return /^(node|npm|global):/.test(text) ? -1 : text.indexOf('#', 1);
}
