/** Small HTTP servers and forwarding for the containers. */
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { bodyOf, type Answer } from '../answers/answer.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

export async function serve(port: number, handler: Handler, host = '::'): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    Promise.resolve()
      .then(() => handler(request, response, url))
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ error: String(error instanceof Error ? error.message : error) }));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

export function send(response: ServerResponse, answer: Answer, end = ''): void {
  const body = `${bodyOf(answer)}${end}`;
  response.writeHead(answer.status, { 'Content-Type': answer.type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

export async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/** Passes a request on to another service; answers 502 in nginx's way, with the error handed to `onError`. */
export function forward(request: IncomingMessage, response: ServerResponse, target: { host: string; port: number; path: string }, onError: (error: NodeJS.ErrnoException) => void): Promise<void> {
  return new Promise((resolve) => {
    response.on('close', () => resolve());
    const upstream = httpRequest({ host: target.host, port: target.port, path: target.path, method: request.method, headers: { ...request.headers, host: target.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', (error) => onError(error));
    request.pipe(upstream);
  });
}
