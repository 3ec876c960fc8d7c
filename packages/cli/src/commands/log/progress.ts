/** One line on a terminal that is written over; nothing elsewhere. */
export function progressLine(): { show(text: string): void; end(): void } {
  const isTerminal = process.stderr.isTTY === true;
  let shownAt = 0;
  return {
    show: (text) => {
      const now = Date.now();
      if (!isTerminal || now - shownAt < 100) return;
      shownAt = now;
      process.stderr.write(`\r\x1b[K${text}`);
    },
    end: () => {
      if (isTerminal && shownAt > 0) process.stderr.write('\r\x1b[K');
    },
  };
}
