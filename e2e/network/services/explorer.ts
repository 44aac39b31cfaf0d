/** The explorer's web page. */
import { print } from './log.ts';
import { serve } from './http.ts';

export async function runExplorer(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  await serve(5173, (_request, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><title>Gonka explorer</title></html>'));
  print(' INFO  Accepting connections at http://localhost:5173');
}
