import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { PanelError } from '#lib/core/errors.ts';
import { engine, engineError, engineWords, statusOf } from './engine.ts';
import { pullError } from './pull-error.ts';
import { type PullMessage, pullMessage } from './pull-progress.ts';

const LINE_CAP = 256 * 1024;

/**
 * Pulls an image and tells each of the engine's messages. Closing the connection ends the pull in the engine, so an abort
 * really stops it. Resolves when the stream ends without an error, which is no proof yet: look for the image afterwards.
 * Errors: pull_* (in words), pull_broke_off (the engine went away in the middle), engine_*; an abort throws its reason.
 */
export async function pullImage(image: string, { signal, onMessage }: { signal: AbortSignal; onMessage(message: PullMessage): void }): Promise<void> {
  signal.throwIfAborted();
  let stream: Readable;
  try {
    stream = (await engine().pull(image, { abortSignal: signal } as never)) as unknown as Readable;
  } catch (error) {
    signal.throwIfAborted();
    // With a status it is the registry's answer, passed on by the engine.
    throw statusOf(error) ? pullError(image, engineWords(error)) : engineError(error);
  }
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  let failed: string | undefined;
  const take = (line: string) => {
    const message = messageOf(line);
    if (message?.error) failed ??= message.error;
    else if (message) onMessage(message);
  };
  try {
    await eachLine(stream, take);
  } catch (error) {
    signal.throwIfAborted();
    throw new PanelError('pull_broke_off', { image, detail: engineWords(error) }, { status: 502, cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
  signal.throwIfAborted();
  if (failed !== undefined) throw pullError(image, failed);
}

function messageOf(line: string): PullMessage | undefined {
  try {
    return pullMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // half a line: the engine was cut off, and the image will be missing
  }
}

async function eachLine(stream: Readable, take: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = (lines.pop() as string).slice(-LINE_CAP);
    for (const line of lines) if (line.trim()) take(line);
  }
  if (rest.trim()) take(rest);
}
