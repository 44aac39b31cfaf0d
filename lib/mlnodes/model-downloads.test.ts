import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { modelDownload, offersDownloads, startModelDownload } from './model-downloads.ts';

const REF = { model: 'Qwen/QwQ-32B' };

async function answering<T>(status: number, body: string, ask: (base: string) => Promise<T>): Promise<{ said: T; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    requests.push([request.method, request.url, sent].filter(Boolean).join(' '));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return { said: await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), requests };
  } finally {
    server.close();
  }
}

test.each([[405, '{"detail":"Method Not Allowed"}', true], [404, '{"detail":"Not Found"}', false]])('whether it has downloads is asked without starting one: %i', async (status, body, value) => {
  const { said, requests } = await answering(status, body, offersDownloads);
  expect([said.value, requests]).toEqual([value, ['GET /api/v1/models/download']]);
});
test.each([[200, '{}'], [200, '<html>'], [500, ''], [503, '']])('%i %s tells nothing about downloads', async (status, body) => {
  const { said } = await answering(status, body, offersDownloads);
  expect([said.value, said.error?.code.startsWith('mlnodes_')]).toEqual([undefined, true]);
});

test('the literal request of a download, with and without a revision', async () => {
  const { requests } = await answering(202, '{"task_id":"x","status":"DOWNLOADING","model":{}}', async (base) => [await startModelDownload(base, REF), await startModelDownload(base, { ...REF, revision: 'abc' })]);
  expect(requests).toEqual(['POST /api/v1/models/download {"hf_repo":"Qwen/QwQ-32B","hf_commit":null}', 'POST /api/v1/models/download {"hf_repo":"Qwen/QwQ-32B","hf_commit":"abc"}']);
});
test.each([
  [202, '{"status":"DOWNLOADING"}', 'started'], [202, '{"status":"PARTIAL"}', 'started'], [202, '{"status":"DOWNLOADED"}', 'there'], [202, '{"status":"IGNORED"}', 'switched-off'],
  [409, '{"detail":"Model x is already downloading"}', 'under-way'], [429, '{"detail":"Maximum concurrent downloads (3) reached"}', 'too-many'],
])('%i %s: %s', async (status, body, value) => expect((await answering(status, body, (base) => startModelDownload(base, REF))).said).toEqual({ value }));
test.each([[202, 'null'], [202, '<html>'], [202, '{"status":"new"}'], [200, '{}']])('%i %s is no start', async (status, body) => expect((await answering(status, body, (base) => startModelDownload(base, REF))).said.error?.code).toBe('mlnodes_malformed'));
test('its own words about a refusal are kept', async () => expect((await answering(500, '{"detail":"Error starting download: x\\ny"}', (base) => startModelDownload(base, REF))).said.error).toMatchObject({ code: 'mlnodes_refused', params: { status: 500, said: 'Error starting download: x y' } }));

test('a state, and its words on one line', async () => {
  const { said, requests } = await answering(200, '{"model":{},"status":"PARTIAL","progress":null,"error_message":"Traceback (most\\n  recent call last)"}', (base) => modelDownload(base, REF));
  expect([said.value, requests]).toEqual([{ status: 'PARTIAL', error: 'Traceback (most   recent call last)' }, ['POST /api/v1/models/status {"hf_repo":"Qwen/QwQ-32B","hf_commit":null}']]);
});
test.each(['{"status":"EXOTIC"}', '{}', 'null', '<html>'])('a state that nobody knows is unknown: %s', async (body) => expect((await answering(200, body, (base) => modelDownload(base, REF))).said.error?.code).toBe('mlnodes_malformed'));
