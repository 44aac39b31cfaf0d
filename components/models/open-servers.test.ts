import { expect, it } from 'vitest';
import type { ServerFit } from './models-data.ts';
import { openServers } from './open-servers.ts';

const server = (name: string, fits: boolean, marginGb: number) => ({ server: name, fits, marginGb }) as ServerFit;
const names = ({ open, rest }: ReturnType<typeof openServers>) => [open.map(({ server: name }) => name), rest.map(({ server: name }) => name)];

it('those that it fits on, three at most', () => {
  expect(names(openServers([server('a', false, -1), server('b', true, 5), server('c', true, 0)]))).toEqual([['b', 'c'], ['a']]);
  expect(names(openServers(['a', 'b', 'c', 'd'].map((name) => server(name, true, 0))))).toEqual([['a', 'b', 'c'], ['d']]);
});

it('fitting nowhere: the nearest one shows what is missing', () => {
  expect(names(openServers([server('a', false, -300), server('b', false, -20)]))).toEqual([['b'], ['a']]);
  expect(names(openServers([]))).toEqual([[], []]);
});
