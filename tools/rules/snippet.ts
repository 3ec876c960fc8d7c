/** A line of code that uses a symbol, for the test that each one is followed. */
export function snippetOf(symbol: string, use: 'call' | 'read' | 'write' | 'import'): string {
  const { module, path } = partsOf(symbol);
  if (use === 'import') return `import ${JSON.stringify(module)};`;
  const head = module === undefined ? '' : `import * as root from ${JSON.stringify(module)};\n`;
  const member = path.replace(/\.\*$/, '.anything');
  const expression = (module === undefined ? member : `root${member}`).replaceAll('()', '(use)');
  if (use === 'call') return `${head}${expression}(use);`;
  return use === 'read' ? `${head}use(${expression});` : `${head}${expression} = use;`;
}

/** A package's name may hold dots, which a symbol does not tell from members. */
const DOTTED = [
  'socket.io-client',
  'engine.io-client',
  'socket.io',
  'engine.io',
  'discord.js',
  'oceanic.js',
  'tmi.js',
  'uWebSockets.js',
  'highlight.run',
  'mailgun.js',
  'whatsapp-web.js',
  '@solana/web3.js',
  '@nodelib/fs.walk',
  '@2060.io/ffi-napi',
  'discord.js-selfbot-v13',
].sort((a, b) => b.length - a.length);

function partsOf(symbol: string): { readonly module?: string; readonly path: string } {
  if (symbol.startsWith('global:')) return { path: symbol.slice('global:'.length) };
  const name = symbol.startsWith('npm:') ? symbol.slice('npm:'.length) : symbol;
  const dotted = DOTTED.find(
    (one) => name.startsWith(one) && /^$|^[.(]/.test(name.slice(one.length)),
  );
  const module = dotted ?? name.match(/^[^.(]+/)![0];
  return { module, path: name.slice(module.length) };
}
