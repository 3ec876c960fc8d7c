import type { FeatureId } from '@avow/declare/vocabulary';

/**
 * Variables that say where something is on this machine: the folder that work
 * is done in, where programs are found, which program is meant. `cd $INIT_CWD`
 * tells a program nothing that it could not ask itself.
 */
const PLACE_NAMES: ReadonlySet<string> = new Set([
  ...['INIT_CWD', 'PWD', 'OLDPWD', 'PATH', 'Path', 'PATHEXT', 'TMPDIR', 'TEMP', 'TMP'],
  ...['SHELL', 'ComSpec', 'COMSPEC', 'SystemRoot', 'SYSTEMROOT', 'windir', 'WINDIR'],
  ...['EDITOR', 'VISUAL', 'PAGER', 'BROWSER', 'NODE', 'NODE_PATH', 'JAVA_HOME', 'PYTHON'],
  ...['npm_execpath', 'npm_node_execpath', 'npm_config_local_prefix', 'npm_config_prefix'],
]);

/** Destinations that do not leave the machine. */
const ON_THE_MACHINE: ReadonlySet<FeatureId> = new Set(['proc.args-env-stdin', 'file.write']);

/** Whether it is only said to a program or file on this machine where something is. */
export function isOnlyPlace(
  source: { readonly feature: FeatureId; readonly recipient?: string | undefined },
  destination: FeatureId,
): boolean {
  if (source.feature !== 'env.named' || !ON_THE_MACHINE.has(destination)) return false;
  const names = source.recipient?.split(' | ') ?? [];
  return names.length > 0 && names.every((name) => PLACE_NAMES.has(name));
}
