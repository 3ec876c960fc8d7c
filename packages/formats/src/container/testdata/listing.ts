import type { Member, UnreadMember } from '../member.ts';
import { type OpenOptions, openContainer } from '../open.ts';

/**
 * What a person would be told, a line for each member: its path, its bytes as
 * text, and the codes of what is odd; an unread member's code after `!`.
 */
export async function listingOf(bytes: Uint8Array, options: OpenOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const member of openContainer(bytes, 'archive', options)) lines.push(lineOf(member));
  return lines;
}

function lineOf(member: Member | UnreadMember): string {
  if ('why' in member) return `${member.path} !${member.why.code}`;
  const text = Buffer.from(member.bytes).toString('latin1');
  const shown = member.container ?? (member.link === undefined ? JSON.stringify(text) : `-> ${member.link}`);
  return [member.path, shown, ...member.oddities.map((oddity) => oddity.code)].join(' ');
}
