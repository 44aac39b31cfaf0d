import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPanelError } from '#lib/core/errors.ts';
import { accountKeyQuestion, shortBody } from './question.ts';

const KEY = 'A1yHeh1YiLS9rol9xwawLl349UFZTfT2fLl/qoA1/vpq';
const word = fc.stringMatching(/^[a-z]{3,8}$/);
const words = fc.array(word, { minLength: 12, maxLength: 24 }).map((list) => list.join(' '));

function refusal(text: string) {
  try {
    return { answer: accountKeyQuestion(text) };
  } catch (error) {
    if (!isPanelError(error)) throw error;
    return { code: error.code, params: error.params, status: error.status };
  }
}
const REFUSED = { code: 'account_key_only', params: {}, status: 400 };

describe('what the server takes as account key', () => {
  test('the key alone', () => expect(accountKeyQuestion(JSON.stringify({ key: KEY }))).toEqual({ key: KEY, address: 'gonka1rsk4j9wqjk3q3spjlsvhw6ztd0ydjrxwuh6ufc' }));
  test('a mnemonic is refused wherever it stands, and is in no part of the error', () => {
    fc.assert(fc.property(words, (phrase) => {
      for (const body of [phrase, { key: phrase }, { key: KEY, mnemonic: phrase }, { key: `${KEY} ${phrase}` }, { key: [KEY, phrase] }, { [phrase]: KEY }]) {
        expect(refusal(typeof body === 'string' ? body : JSON.stringify(body))).toEqual(REFUSED);
      }
    }));
  });
  test.each(['', '{}', 'null', '[]', `"${KEY}"`, '{"key":null}', '{"key":"OSQ/YZTpAUNX0UbdV0yI7V55ZFgIQkDFIPGSlaiw/Aw="}', `{"key":"${KEY}","more":1}`, `{"key":"${KEY}"}${' '.repeat(300)}`])('%j is refused', (text) => {
    expect(refusal(text)).toEqual(REFUSED);
  });
  test('a mistyped key is told from something else', () => expect(refusal(JSON.stringify({ key: `${KEY.slice(0, -1)}b` }))).toEqual({ ...REFUSED, code: 'account_key_mistyped' }));
});

test('a long body is not read to its end', async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(to) {
      sent += 1;
      to.enqueue(new TextEncoder().encode('abandon '.repeat(50)));
      if (sent > 1000) to.close();
    },
  });
  const text = await shortBody(new Request('http://panel/', { method: 'POST', body, duplex: 'half' } as RequestInit));
  expect(refusal(text)).toEqual(REFUSED);
  expect(sent).toBeLessThan(20);
});
