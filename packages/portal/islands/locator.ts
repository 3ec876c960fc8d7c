/** A selection in code gives its canonical locator, to copy or to claim. */
export {};

const code = document.querySelector('.code');
const says = document.querySelector('#selected');
const claim = document.querySelector<HTMLAnchorElement>('#claim-here');

/** UTF-16 code unit of a point within its line, 1-based; escapes that we show stand for one each. */
function columnOf(cell: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(cell, 0);
  range.setEnd(node, offset);
  const part = range.cloneContents();
  for (const odd of part.querySelectorAll('.odd')) odd.textContent = ' ';
  return (part.textContent?.length ?? 0) + 1;
}

document.addEventListener('selectionchange', () => {
  const selection = document.getSelection();
  const node = selection?.anchorNode;
  if (selection == null || node == null || selection.isCollapsed || !code?.contains(node)) return;
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest<HTMLElement>('tr[data-locator]');
  const cell = row?.querySelector('.text');
  if (row == null || cell == null || !cell.contains(node)) return;
  const before = Number(row.dataset.column ?? 1) - 1;
  // A row of machine code is one place: its columns are none.
  const column =
    row.dataset.whole === undefined
      ? `:${before + columnOf(cell, node, selection.anchorOffset)}`
      : '';
  const locator = `${row.dataset.locator}${column}`;
  if (says !== null) {
    const shown = document.createElement('code');
    shown.textContent = locator;
    says.replaceChildren(shown);
  }
  if (claim !== null) claim.href = `/claims/new?place=${encodeURIComponent(locator)}`;
});
