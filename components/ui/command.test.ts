import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellLine } from './command.tsx';

it('leaves ordinary arguments bare', () => {
  expect(shellLine(['docker', 'compose', '-f', 'docker-compose.yml', 'up', 'tmkms', 'node', '-d', '--no-deps'])).toBe('docker compose -f docker-compose.yml up tmkms node -d --no-deps');
});

it('quotes so that a shell hands back the very same arguments', () => {
  const nasty = ["it's", '$(touch x)', '`id`', 'a b', '', '--', '*', '\n', '\\', '"', '!x', '~', 'a;b&&c|d>e'];
  const argv = [...nasty, ...fc.sample(fc.string({ unit: 'grapheme-ascii' }), 200)];
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${shellLine(argv)}`]).toString('utf8');
  expect(out.split('\0').slice(0, -1)).toEqual(argv);
});
