import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** The oldest that Avow is held to. */
const OLDEST = 15;

/**
 * The folder of PostgreSQL's programs, or why there is none: Debian's
 * packages put each version into a folder of its own and none on the path.
 */
export function findPostgres(): { readonly folder: string } | { readonly reason: string } {
  const folders = globSync('/usr/lib/postgresql/*/bin').sort(
    (one, other) => versionOf(other) - versionOf(one),
  );
  const newest = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (newest === undefined) return { reason: 'PostgreSQL is not installed here' };
  if (versionOf(newest) < OLDEST) return { reason: `PostgreSQL here is older than ${OLDEST}` };
  if (process.getuid?.() === 0 && ordinaryUser() === undefined) {
    return { reason: 'PostgreSQL refuses to run as root, and there is no other user' };
  }
  return { folder: newest };
}

function versionOf(folder: string): number {
  return Number(folder.split('/').at(-2));
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Whom to be instead of root. */
function ordinaryUser(): User | undefined {
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8').match(
      new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'),
    );
    if (line !== null) return { uid: Number(line[1]), gid: Number(line[2]) };
  }
  return undefined;
}

/**
 * Waits for a line, which says that the server was halted. When whoever started
 * it is gone, killed even, the pipe closes instead: then the server is ended and
 * its folder removed.
 */
const KEEPER = '"$@" & if read -r _; then wait; else kill -QUIT $!; wait; rm -rf "$0"; fi';

/**
 * A PostgreSQL of one test run: its data in a temporary folder, reached by a
 * socket there, so that it meets no other.
 */
export class TestPostgres {
  readonly #programs: string;
  readonly #folder: string;
  readonly #settings: readonly string[];
  readonly #user: User | undefined;
  #keeper: ChildProcess | undefined;
  #databases = 0;

  private constructor(programs: string, isDurable: boolean) {
    this.#programs = programs;
    this.#folder = mkdtempSync(join(tmpdir(), 'avow-postgres-'));
    this.#settings = isDurable ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off'];
    this.#user = process.getuid?.() === 0 ? ordinaryUser() : undefined;
    if (this.#user !== undefined) chownSync(this.#folder, this.#user.uid, this.#user.gid);
  }

  /** `isDurable` for measuring; else it does not wait for the disk. */
  static async start(programs: string, { isDurable = false } = {}): Promise<TestPostgres> {
    const server = new TestPostgres(programs, isDurable);
    execFileSync(
      join(programs, 'initdb'),
      [
        ...['-D', server.#data, '-U', 'avow', '--auth=trust', '--no-sync', '--encoding=UTF8'],
        // As many servers have it; what Avow keeps must not depend on it.
        '--locale=C.UTF-8',
      ],
      { stdio: 'pipe', cwd: server.#folder, ...server.#user },
    );
    await server.#run();
    return server;
  }

  /** The address of a new, empty database. */
  async newDatabase(): Promise<string> {
    const name = `test_${this.#databases++}`;
    await this.#ask(`CREATE DATABASE ${name}`);
    return this.#urlOf(name);
  }

  /** `immediate` is as a crash: what was under way is cut off, and it recovers at the start. */
  async restart(how: 'fast' | 'immediate'): Promise<void> {
    await this.#halt(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await this.#run();
  }

  async stop(): Promise<void> {
    await this.#halt('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  #urlOf(database: string): string {
    return `postgres://avow@localhost/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  async #run(): Promise<void> {
    const server = [join(this.#programs, 'postgres'), '-D', this.#data, '-k', this.#folder];
    const settings = ['-c', 'listen_addresses=', '-c', 'max_connections=120', ...this.#settings];
    const keeper = spawn('sh', ['-c', KEEPER, this.#folder, ...server, ...settings], {
      stdio: ['pipe', 'ignore', 'pipe'],
      cwd: this.#folder,
      ...this.#user,
    });
    let said = '';
    keeper.stderr.on('data', (data) => {
      said = (said + data).slice(-2_000);
    });
    // The process that started it may end without having stopped it.
    keeper.unref();
    (keeper.stderr as unknown as { unref(): void }).unref();
    (keeper.stdin as unknown as { unref(): void }).unref();
    this.#keeper = keeper;
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#ask('SELECT 1');
        return;
      } catch (error) {
        if (attempt === 200) throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async #halt(signal: NodeJS.Signals): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    keeper.ref();
    const ended = new Promise((resolve) => keeper.on('exit', resolve));
    const [pid = ''] = readFileSync(join(this.#data, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), signal);
    while (existsSync(join(this.#data, 'postmaster.pid'))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    keeper.stdin!.end('\n');
    await ended;
    this.#keeper = undefined;
  }

  async #ask(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.#urlOf('postgres') });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
