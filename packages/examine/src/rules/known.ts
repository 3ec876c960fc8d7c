/** What the engine does with a symbol besides its rules. */
export type Known =
  | 'require'
  | 'eval'
  | 'timer'
  | 'worker'
  | 'fork'
  | 'importScripts'
  | 'define'
  | 'addon'
  | 'globals';

/**
 * Symbols that load or run code. `require`: a call gives the module that its
 * first argument names. `eval`: a text among its arguments is code. `addon`: a
 * call gives the native code that belongs to the package.
 */
export const KNOWN: Readonly<Record<Exclude<Known, 'globals'>, readonly string[]>> = {
  require: [
    'global:require',
    'global:module.require',
    'global:module.parent.require',
    'global:module.constructor._load',
    'global:require.main.require',
    'global:require.main.constructor._load',
    'global:process.mainModule.require',
    'global:process.mainModule.constructor._load',
    'global:process.getBuiltinModule',
    'node:process.mainModule.require',
    'node:process.getBuiltinModule',
    'node:module._load',
    'node:module.Module._load',
    'node:module.createRequire()',
    'node:module.createRequireFromPath()',
    'node:module.Module.createRequire()',
  ],
  eval: [
    'global:eval',
    'global:Function',
    'global:execScript',
    'node:vm.Script',
    'node:vm.createScript',
    'node:vm.compileFunction',
    'node:vm.runInContext',
    'node:vm.runInNewContext',
    'node:vm.runInThisContext',
  ],
  timer: ['global:setTimeout', 'global:setInterval', 'global:setImmediate'],
  worker: ['global:Worker', 'global:SharedWorker', 'node:worker_threads.Worker'],
  fork: ['node:child_process.fork'],
  importScripts: ['global:importScripts'],
  define: ['global:define'],
  addon: [
    'npm:bindings',
    'npm:node-gyp-build',
    'npm:node-gyp-build-optional-packages',
    'npm:node-gyp-build-esm',
    'npm:pkg-prebuilds',
    'npm:pkg-prebuilds/bindings',
  ],
};

/** Names of the global object itself: dropped from symbols. */
export const GLOBAL_OBJECTS = [
  'window',
  'self',
  'globalThis',
  'global',
  'top',
  'parent',
  'frames',
] as const;
