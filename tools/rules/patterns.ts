/**
 * What a source's pattern may begin with by name, so that it is written once.
 * Which patterns are allowed is the engine's to say (`patternFault`).
 */
const BEGINNINGS: Readonly<Record<string, string>> = {
  /** A program's name: at the start, after `;`, `&`, `|`, `(`, by path, under sudo or cmd. */
  '@command ': String.raw`(^|[;&|(] {0,4})(sudo (-[A-Za-z] )?|cmd(\.exe)? /[cCkK] )?([\w.:/\\$%~…-]{0,80}[/\\])?`,
  /** The user's home folder, and the separator after it. */
  '@home ': String.raw`(^(~|/root|(/home|(/mnt/c|[A-Za-z]:)?/Users)/[^/]{1,64}|\$?[{%]?(HOME|USERPROFILE)[}%]?)|[}%])/`,
  /** The start of a path or of a name in it. */
  '@name ': '(^|/)',
};

/** A source's pattern with the beginning that it names written out. */
export function patternOf(text: string): string {
  for (const [name, pattern] of Object.entries(BEGINNINGS)) {
    if (text.startsWith(name)) return pattern + text.slice(name.length);
  }
  return text;
}
