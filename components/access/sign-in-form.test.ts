import { expect, it } from 'vitest';
import { safeNext } from './sign-in-form.tsx';

it('goes on to a path of our own only', () => {
  expect(safeNext('/logs?service=node')).toBe('/logs?service=node');
  for (const bad of [undefined, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/login?next=/']) expect(safeNext(bad)).toBe('/');
});
