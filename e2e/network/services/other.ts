/** Services of the later releases that nothing here depends on: alive, with lines of their own now and then. */
import { print } from './log.ts';
import { serve } from './http.ts';

const WORDS: Record<string, (n: number) => string> = {
  bridge: (n) => `INFO [${new Date().toISOString().slice(5, 19).replace('T', '|')}] Skeleton sync bounds          head=${21_000_000 + n} tail=${21_000_000}`,
  versiond: (n) => `${new Date().toISOString()} INFO versiond: oracle polled versions=1 attempt=${n}`,
  'proxy-ssl': (n) => `${new Date().toISOString()} INFO proxy-ssl: certificate is valid check=${n}`,
};

export async function runOther(name: string): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  print(`${name || 'service'} starting`);
  if (name === 'proxy-ssl') await serve(8080, (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok\n'));
  let count = 0;
  const line = WORDS[name] ?? ((n: number) => `${new Date().toISOString()} INFO alive count=${n}`);
  for (;;) {
    print(line(++count));
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
}
