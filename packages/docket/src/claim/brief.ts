/** Places of the one product that is spoken of need not repeat its name, nor neighbours their file. */
export function brief(text: string, target: string): string {
  let path = '';
  return text
    .replaceAll(`${target}#`, '')
    .split(' → ')
    .map((hop) => {
      const own = /(\S+) @/.exec(hop)?.[1] ?? '';
      const isSame = own !== '' && own === path && hop.startsWith(`${own} @`);
      path = own;
      return isSame ? hop.slice(own.length + 1) : hop;
    })
    .join(' → ');
}
