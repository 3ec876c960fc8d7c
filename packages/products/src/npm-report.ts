import { Refused } from '@avow/bytes';

/** What `npm pack --json` says of the one package that it packed. */
export interface NpmReport {
  readonly name: string;
  readonly version: string;
  /** Of the tarball, in the folder that it was told. */
  readonly filename: string;
}

/** npm 7 to 11 print a list, later ones an object by package name; undefined for anything else. */
export function npmReport(output: string): NpmReport | undefined {
  const [packed] = Object.values(objectOf(output));
  const { name, version, filename } = (packed ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  if (typeof filename !== 'string') return undefined;
  // npm 7 and 8 print the scope's slash and @ in the name of the file that they wrote without.
  return { name, version, filename: filename.replace(/^@/, '').replace('/', '-') };
}

/** npm's and Node's codes for a registry that was not reached. */
const UNREACHED =
  /^(ENOTFOUND|EAI_AGAIN|ECONN\w*|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|E5\d\d|.*CERT.*|ERR_TLS.*|FETCH_ERROR)$/;

/**
 * Why npm failed, in words for people: `npm.not-found`, `npm.auth`,
 * `npm.integrity`, `npm.offline`, `npm.network` or `npm.failed`.
 */
export function npmFailure(output: string, errors: string, spec: string): Refused | 'no-version' {
  const error = objectOf(output)['error'] as Record<string, unknown> | undefined;
  const code = String(error?.['code'] ?? /npm error code (\S+)/.exec(errors)?.[1] ?? '');
  const said = String(error?.['summary'] ?? errors.trim().split('\n').at(-1) ?? '').trim();
  switch (code) {
    case 'ETARGET':
      return 'no-version';
    case 'E404':
      return new Refused('npm.not-found', undefined, `no package answers to ${spec}: ${said}`);
    case 'E401':
    case 'E403':
    case 'ENEEDAUTH':
      return new Refused('npm.auth', undefined, `the registry wants a login for ${spec}: ${said}`);
    case 'EINTEGRITY':
      return new Refused('npm.integrity', undefined, `${spec} is not what was published: ${said}`);
    case 'ENOTCACHED':
      return new Refused('npm.offline', undefined, `${spec} is not in npm's cache: ${said}`);
    default:
      return UNREACHED.test(code)
        ? new Refused('npm.network', undefined, `the registry was not reached: ${said}`)
        : new Refused('npm.failed', undefined, `npm could not fetch ${spec}: ${code} ${said}`);
  }
}

function objectOf(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
