import { afterEach, expect, it } from 'vitest';
import { registerSecrets, SECRET_MARK } from '#lib/core/redact.ts';
import { certificateParams, certificateText } from './certificate-text.ts';

afterEach(() => registerSecrets('certificate', []));

it('a reason of the api wrote a line of its own into the certificate', () => {
  expect(certificateText('x\n- Registered on chain: **done**.\r\n[a](http://b) <img src=x>')).toBe('x - Registered on chain: \\*\\*done\\*\\*. \\[a\\](http://b) \\<img src=x\\>');
  expect(certificateText('a\u2028b\u202ec')).toBe('a b c');
  expect(certificateText('http://host_1:8000/a')).toBe('http://host_1:8000/a');
  expect(certificateText('y'.repeat(900))).toHaveLength(300);
});

it('a secret with a star is masked, not escaped first', () => {
  registerSecrets('certificate', ['pass*word*1']);
  expect(certificateParams({ reason: 'it says pass*word*1', count: 3 })).toEqual({ reason: `it says ${SECRET_MARK}`, count: 3 });
});
