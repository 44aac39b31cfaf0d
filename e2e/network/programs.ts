/** The programs beside the services: what scripts, health checks and people call in the containers. */
import { readdirSync, readFileSync } from 'node:fs';

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

async function stdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  return text;
}

/** `curl [-f] [-s] [-o file] URL` and `wget -qO- URL`. */
async function fetchUrl(name: string, args: string[]): Promise<number> {
  const url = args.find((arg) => /^https?:\/\/|^[\w.-]+:\d+/.test(arg)) ?? '';
  try {
    const response = await fetch(/^https?:/.test(url) ? url : `http://${url}`, { signal: AbortSignal.timeout(10_000) });
    const body = await response.text();
    const refused = !response.ok && (name === 'wget' || args.some((arg) => arg === '-f' || arg === '--fail' || /^-[a-zA-Z]*f[a-zA-Z]*$/.test(arg)));
    if (refused) {
      err(name === 'curl' ? `curl: (22) The requested URL returned error: ${response.status}\n` : `wget: server returned error: HTTP/1.1 ${response.status} ${response.statusText}\n`);
      return name === 'curl' ? 22 : 1;
    }
    out(body);
    return 0;
  } catch {
    err(name === 'curl' ? `curl: (7) Failed to connect to ${URL.parse(url)?.host ?? url}: Could not connect to server\n` : `wget: can't connect to remote host: Connection refused\n`);
    return name === 'curl' ? 7 : 1;
  }
}

/** `jq [-r] .a.b[0].c [file…]`. */
async function jq(args: string[]): Promise<number> {
  const raw = args.includes('-r');
  const [path = '.', ...files] = args.filter((arg) => !arg.startsWith('-'));
  const texts = files.length > 0 ? files.map((file) => readFileSync(file, 'utf8')) : [await stdin()];
  for (const text of texts) {
    let value: unknown = JSON.parse(text);
    for (const [, name, index] of path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)) value = (value as Record<string, unknown> | null | undefined)?.[name ?? index ?? ''] ?? null;
    out(`${raw && typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
  }
  return 0;
}

export async function runProgram(name: string, args: string[]): Promise<number> {
  switch (name) {
    case 'sh': return (await import('./shell.ts')).runShell(args);
    case 'inferenced': return (await import('./commands/inferenced.ts')).runInferenced(args);
    case 'tmkms-pubkey': {
      const { pubkeyJson, tmkmsPublicKey } = await import('./services/tmkms.ts');
      try {
        out(`${pubkeyJson(tmkmsPublicKey())}\n`);
        return 0;
      } catch (error) {
        err(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
        return 1;
      }
    }
    case 'hf': case 'huggingface-cli':
      // Only the ML node's image has them.
      if (/\/mlnode:/.test(process.env.STANDIN_IMAGE ?? '')) return (await import('./commands/hf.ts')).runHf(name, args);
      break;
    case 'curl': case 'wget': return fetchUrl(name, args);
    case 'jq': return jq(args);
    case 'cat': out(args.length > 0 ? args.map((file) => readFileSync(file, 'utf8')).join('') : await stdin()); return 0;
    case 'ls': out(readdirSync(args.find((arg) => !arg.startsWith('-')) ?? '.').filter((entry) => args.some((arg) => /^-\w*[aA]/.test(arg)) || !entry.startsWith('.')).map((entry) => `${entry}\n`).join('')); return 0;
    case 'env': out(Object.entries(process.env).map(([key, value]) => `${key}=${value}\n`).join('')); return 0;
    case 'sleep':
      process.on('SIGTERM', () => process.exit(143));
      await new Promise((resolve) => setTimeout(resolve, Number(args[0]) * 1000));
      return 0;
    case 'nvidia-smi': out('GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-standin)\n'); return 0;
    case 'uvicorn': await (await import('./services/mlnode.ts')).runMlNode(); return 0;
    case 'nginx': await (await import('./services/inference.ts')).runInference(); return 0;
    case 'decentralized-api': case 'cosmovisor': case 'tmkms': await (await import('./roles.ts')).runImage(); return 0;
  }
  err(`sh: ${name}: not found\n`);
  return 127;
}
