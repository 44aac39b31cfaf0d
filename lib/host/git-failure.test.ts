import { expect, it } from 'vitest';
import { gitFailure } from './git.ts';

const of = (stderr: string) => gitFailure({ exitCode: 128, stdout: '', stderr } as never, { repository: 'r' }).code;

it('a server that hung up without an answer was no network trouble', () => {
  expect(of("fatal: unable to access 'http://h/gonka.git/': Empty reply from server")).toBe('git_no_network');
  expect(of('error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF')).toBe('git_no_network');
  expect(of("fatal: unable to access 'http://h/gonka.git/': The requested URL returned error: 503")).toBe('git_no_network');
  expect(of('fatal: something that nobody knows')).toBe('git_failed');
});
