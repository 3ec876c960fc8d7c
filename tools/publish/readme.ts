import type { SourceManifest } from './manifest.ts';

/** The page of a package that has none of its own. */
export function readmeOf({ name, description, exports }: SourceManifest): string {
  const entries = Object.keys(exports).map((entry) => `\`${name}${entry.slice(1)}\``);
  return `# ${name}

${description}.

A part of Avow, which holds software to its word: it reads a product and says, with evidence, what it can do, each feature at the exact place that does it. The command is in \`@avow/cli\`.

${entries.length === 1 ? 'Entry' : 'Entries'}: ${entries.join(', ')}. ESM for Node 24 or newer, with types. \`avow.yaml\` says what this package does; Avow holds it to that.
`;
}
