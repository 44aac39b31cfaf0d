import { expect, it } from 'vitest';
import { readPropose, withoutPropose } from './propose-address.ts';

it('is the question of the models page', () => {
  expect(readPropose(new URLSearchParams('model=Qwen%2FQwQ-32B&on=Server+1&s=8x3090@128'))).toEqual({ model: 'Qwen/QwQ-32B', on: 'Server 1', typed: [{ count: 8, kind: '3090', ramGiB: 128 }] });
  expect(readPropose(new URLSearchParams('s=8x3090'))).toBeUndefined();
});

it('is taken out when it was answered, the view stays', () => {
  expect(withoutPropose(new URLSearchParams('model=m&on=s&s=1xL4&view=raw'))).toBe('?view=raw');
  expect(withoutPropose(new URLSearchParams('model=m'))).toBe('');
});
