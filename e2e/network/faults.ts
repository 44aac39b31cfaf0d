/** What can be wrong with one door of the network (an address it is asked at), on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Faults = {
  /** The connection ends without an answer. */
  down?: boolean;
  /** Every answer waits this long, ms. */
  slowMs?: number;
  /** 200 with a body that isn't JSON. */
  garbage?: boolean;
  /** 200 with a web page. */
  html?: boolean;
  /** The answer ends in the middle. */
  truncated?: boolean;
  /** Every answer has this status, e.g. 500. */
  status?: number;
  /** Another chain's id in every answer of the RPC, and in the header of the active set. */
  wrongChain?: boolean;
  /** The door's height stays where it was when the fault began. */
  frozenHeight?: boolean;
  /** Every request is answered as if the limit were reached. */
  rateLimited?: boolean;
  /** Only paths that begin so are hit; the others are healthy. */
  only?: string;
};

const page = (title: string) => `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.28.0</center>\r\n</body>\r\n</html>\r\n`;

/** nginx's answer when a limit is reached (samples/v0.2.8/http/rate-limited.txt). */
export function answerRateLimited(response: ServerResponse): void {
  response.writeHead(503, {
    Server: 'nginx/1.28.0', 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'GET, POST, OPTIONS, PUT, DELETE',
    'Access-Control-Allow-Headers': 'DNT,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization', 'Access-Control-Expose-Headers': 'Content-Length,Content-Range',
  });
  response.end(page('503 Service Temporarily Unavailable'));
}

export function answerBadGateway(response: ServerResponse): void {
  response.writeHead(502, { Server: 'nginx/1.28.0', 'Content-Type': 'text/html' });
  response.end(page('502 Bad Gateway'));
}

/** Answers in the place of the healthy door. True when it did. */
export async function answerWithFault(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (faults.only && !request.url?.startsWith(faults.only)) return false;
  if (faults.down) {
    request.socket.destroy();
    return true;
  }
  if (faults.slowMs) await new Promise((resolve) => setTimeout(resolve, faults.slowMs));
  if (faults.rateLimited) answerRateLimited(response);
  else if (faults.status) response.writeHead(faults.status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: 'internal error' }));
  else if (faults.html) response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><html><body>Welcome</body></html>');
  else if (faults.garbage) response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"block_height": 12, "late\u0000st_epoch":');
  else if (faults.truncated) {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
    response.write('{"block_height": ');
    request.socket.destroy();
  } else return false;
  return true;
}
