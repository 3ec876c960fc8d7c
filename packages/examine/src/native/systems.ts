/**
 * Numbers of Linux system calls that rules speak of, by architecture.
 *
 * Source: Linux 6.12, arch/x86/entry/syscalls/syscall_64.tbl and
 * syscall_32.tbl, include/uapi/asm-generic/unistd.h.
 */
type CallName =
  | 'open'
  | 'openat'
  | 'connect'
  | 'bind'
  | 'listen'
  | 'sendto'
  | 'execve'
  | 'execveat'
  | 'ptrace'
  | 'process_vm_readv'
  | 'process_vm_writev'
  | 'memfd_create'
  | 'init_module'
  | 'finit_module'
  | 'bpf'
  | 'keyctl'
  | 'mount'
  | 'setuid'
  | 'setgid'
  | 'unlink'
  | 'unlinkat'
  | 'getdents64'
  | 'uname'
  | 'socket';

const X86_64: Readonly<Record<CallName, number>> = {
  open: 2,
  openat: 257,
  connect: 42,
  bind: 49,
  listen: 50,
  sendto: 44,
  execve: 59,
  execveat: 322,
  ptrace: 101,
  process_vm_readv: 310,
  process_vm_writev: 311,
  memfd_create: 319,
  init_module: 175,
  finit_module: 313,
  bpf: 321,
  keyctl: 250,
  mount: 165,
  setuid: 105,
  setgid: 106,
  unlink: 87,
  unlinkat: 263,
  getdents64: 217,
  uname: 63,
  socket: 41,
};

const X86: Readonly<Record<CallName, number>> = {
  open: 5,
  openat: 295,
  connect: 362,
  bind: 361,
  listen: 363,
  sendto: 369,
  execve: 11,
  execveat: 358,
  ptrace: 26,
  process_vm_readv: 347,
  process_vm_writev: 348,
  memfd_create: 356,
  init_module: 128,
  finit_module: 350,
  bpf: 357,
  keyctl: 288,
  mount: 21,
  setuid: 213,
  setgid: 214,
  unlink: 10,
  unlinkat: 301,
  getdents64: 220,
  uname: 122,
  socket: 359,
};

/** `open` and `unlink` do not exist there. */
const AARCH64: Readonly<Partial<Record<CallName, number>>> = {
  openat: 56,
  connect: 203,
  bind: 200,
  listen: 201,
  sendto: 206,
  execve: 221,
  execveat: 281,
  ptrace: 117,
  process_vm_readv: 270,
  process_vm_writev: 271,
  memfd_create: 279,
  init_module: 105,
  finit_module: 273,
  bpf: 280,
  keyctl: 219,
  mount: 40,
  setuid: 146,
  setgid: 144,
  unlinkat: 35,
  getdents64: 61,
  uname: 160,
  socket: 198,
};

function byNumber(table: Readonly<Partial<Record<CallName, number>>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([name, number]) => [number, name]));
}

const TABLES: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  'x86-64': byNumber(X86_64),
  x86: byNumber(X86),
  aarch64: byNumber(AARCH64),
};

/** Name of a Linux system call; undefined for one that no rule speaks of. */
export function systemCallName(architecture: string, number: number): string | undefined {
  return TABLES[architecture]?.get(number);
}
