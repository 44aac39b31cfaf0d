import { expect, it } from 'vitest';
import { joinedList, listedParam } from './joined-list.ts';

it('Chinese lists were joined with a comma and a space', () => {
  expect(joinedList('zh', ['node1', 'node2'])).toBe('node1、node2');
  expect(joinedList('zh', ['node1', 'node2', 'node3'])).toBe('node1、node2、node3');
  expect(joinedList('en', ['node1', 'node2', 'node3'])).toBe('node1, node2, node3');
  expect([joinedList('zh', []), joinedList('zh', ['node1'])]).toEqual(['', 'node1']);
});

it('only what names several is a list, also where the server has joined it', () => {
  expect(listedParam('zh', 'nodes', 'node1, node2')).toBe('node1、node2');
  expect(listedParam('en', 'nodes', 'node1, node2')).toBe('node1, node2');
  expect(listedParam('zh', 'detail', 'dial tcp: a, b')).toBe('dial tcp: a, b');
});

it('words of a phrase, seeds, ports and ML nodes that the server had joined kept its comma in Chinese', () => {
  for (const name of ['positions', 'seeds', 'port', 'known', 'absent', 'different']) expect(listedParam('zh', name, 'a, b')).toBe('a、b');
});

it('services of a mixed release and GPUs that are gone kept the server\'s comma in Chinese', () => {
  expect(listedParam('zh', 'versions', '0.2.4: node, api · 0.2.8: proxy')).toBe('0.2.4: node、api · 0.2.8: proxy');
  expect(listedParam('zh', 'which', '0, 3')).toBe('0、3');
});
