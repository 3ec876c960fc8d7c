/**
 * Symbols of an import of WebAssembly: both previews of WASI, Emscripten's C
 * functions and system calls, Go's runtime. JavaScript decides what others are.
 */
export function symbolsOfWasm(module: string, name: string): readonly string[] {
  if (/^wasi_(snapshot_preview1|unstable)$/.test(module)) return [`wasi:${name}`];
  if (module === 'env' || module === 'a') {
    const call = /^__syscall_(\w+?)(?:64)?$/.exec(name)?.[1];
    if (call !== undefined) return [`sys:linux.${call}`];
    return [`emscripten:${name.replace(/^_?emscripten_/, '')}`, `c:${name.replace(/^_/, '')}`];
  }
  if (module === 'go' || module === 'gojs')
    return [`gojs:${name.replaceAll('.', '-').replaceAll('/', '-')}`];
  return [];
}
