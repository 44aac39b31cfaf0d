/** How every command of `inferenced` is called and fails. */

/** A cobra error: the usage, then these words as the last line, exit 1. */
export class CommandError extends Error {}

export type Flags = { positional: string[]; values: Record<string, string> };

const SWITCHES = new Set(['address', 'pubkey', 'interactive', 'recover', 'no-backup', 'dry-run', 'yes', 'help', 'unordered', 'trace', 'log_no_color', 'list-names']);
const SHORT: Record<string, string> = { a: 'address', p: 'pubkey', i: 'interactive', y: 'yes', h: 'help', o: 'output', b: 'broadcast-mode' };

export function parseFlags(args: string[]): Flags {
  const flags: Flags = { positional: [], values: {} };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const match = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/.exec(arg);
    if (!match) { flags.positional.push(arg); continue; }
    const name = arg.startsWith('--') ? match[1]! : SHORT[match[1]!] ?? match[1]!;
    flags.values[name] = match[2] ?? (SWITCHES.has(name) ? 'true' : args[++i] ?? '');
  }
  return flags;
}

/** Go's words for a request that found nobody. */
export function dialError(error: unknown, url: URL): string {
  const { code = '', address } = (error as { cause?: { code?: string; address?: string } }).cause ?? {};
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${url.hostname} on 127.0.0.11:53: no such host`;
  // The other side closed the connection.
  if (code === 'UND_ERR_SOCKET') return 'EOF';
  return `dial tcp ${address ?? url.hostname}:${port}: connect: ${code === 'EHOSTUNREACH' ? 'no route to host' : 'connection refused'}`;
}
