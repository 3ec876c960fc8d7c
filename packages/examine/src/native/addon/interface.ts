/** What a call of Node's interfaces for native code does with names and callbacks. */
export type AddonCall = 'makes' | 'puts' | 'class';

/**
 * By the name of an import: calls that make a function or a name (`makes`), put
 * it on an object (`puts`), or make a class (`class`). Source: node_api.h and
 * js_native_api.h of Node 24; mangled names of v8.h, which NAN and older modules
 * go by, in the Itanium ABI and, for Windows, Microsoft's.
 */
export function addonCallOf(importName: string): AddonCall | undefined {
  const name = importName.replace(/^_(?=_Z|napi_|node_api_)/, '');
  if (/^(?:napi|node_api)_/.test(name)) return NAPI.get(name);
  if (!/^(?:_ZN?K?2v8|\?\w+@\w+@v8@@)/.test(name)) return undefined;
  if (/16FunctionTemplate3New|\?New@FunctionTemplate@v8/.test(name)) return 'makes';
  if (/6String11NewFromUtf8|\?NewFromUtf8@String@v8/.test(name)) return 'makes';
  if (/8Function3New|\?New@Function@v8/.test(name)) return 'makes';
  if (/12SetClassName|\?SetClassName@FunctionTemplate@v8/.test(name)) return 'class';
  if (/8Template3Set|6Object3Set|11SetAccessor|19SetAccessorProperty/.test(name)) return 'puts';
  return /\?Set(?:Accessor\w*)?@(?:Template|Object|ObjectTemplate)@v8/.test(name)
    ? 'puts'
    : undefined;
}

const NAPI: ReadonlyMap<string, AddonCall> = new Map([
  ['napi_create_function', 'makes'],
  ['napi_create_string_utf8', 'makes'],
  ['napi_create_string_latin1', 'makes'],
  ['node_api_create_property_key_utf8', 'makes'],
  ['napi_set_named_property', 'puts'],
  ['napi_set_property', 'puts'],
  ['napi_define_properties', 'puts'],
  ['napi_define_class', 'class'],
]);

/** What JavaScript can write after a dot, but for names of the interface itself, which errors tell. */
export function isPropertyName(text: string): boolean {
  return !/^n(?:ode_)?api_/i.test(text) && /^[A-Za-z_$][\w$]{0,63}$/.test(text);
}
