/** Before the name of native code that a loader finds: `addon:keytar.node#`. */
export const ADDON = 'addon:';

/**
 * Whether a specifier names native code outright: a `.node` file, or a package
 * for one platform, as napi-rs and others name theirs:
 * `@napi-rs/keyring-linux-x64-gnu`, `@img/sharp-darwin-arm64/sharp.node`.
 */
export function namesAddon(specifier: string): boolean {
  if (specifier.endsWith('.node')) return true;
  return /[-/](?:linux|darwin|win32|windows|macos|android|freebsd|openharmony)(?:-[a-z0-9]{1,16}){1,3}$/.test(
    specifier.slice(-80),
  );
}

/** Whether a link's symbol stands for native code, or by its name for what loads it. */
export function isAddonSymbol(text: string): boolean {
  if (text.startsWith(ADDON)) return true;
  const hash = text.indexOf('#');
  if (hash >= 0 && namesAddon(text.slice(0, hash))) return true;
  return /[#.](?:\w{0,40}[bB]indings?|\w{0,40}[nN]ative\w{0,40}|addon)(?=[.(]|$)/.test(text);
}
