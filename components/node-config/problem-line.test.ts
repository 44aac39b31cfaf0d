import { expect, it } from 'vitest';
import { lineOf } from './problem-line.ts';

const text = `[
  {
    "id": "a{\\"",
    "host": "x"
  },
  {
    "id": "b", "host": "http://y",
    "models": {
      "m": {
        "args": [
          "--x=4"
        ]
      }
    }
  }
]
`;
const at = (more: object) => lineOf(text, { level: 'broken', code: 'c', params: {}, ...more });

it('leads to the node, its field, its model, its argument', () => {
  expect(at({ node: 1 })).toBe(6);
  expect(at({ node: 0, field: 'host' })).toBe(4);
  expect(at({ node: 1, field: 'host' })).toBe(7);
  expect(at({ node: 1, field: 'models', model: 'm' })).toBe(9);
  expect(at({ node: 1, field: 'models', model: 'm', token: 0, params: { token: '--x=4' } })).toBe(11);
});

it('what is not there leads to the node, what is of the file nowhere, and JSON says its line itself', () => {
  expect(at({ node: 0, field: 'models' })).toBe(2);
  expect(at({})).toBeUndefined();
  expect(at({ node: 5 })).toBeUndefined();
  expect(at({ params: { line: 3, column: 1 } })).toBe(3);
});
