import { expect, it } from 'vitest';
import type { NodeConfigAnswer, NodeConfigEntry } from './node-config-data.ts';
import { withoutTyped } from './typed-secrets.ts';

const version = 'absent' as const;
const entry = (...args: string[]): NodeConfigEntry => ({ id: 'n1', host: 'h', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'm', args }], extra: [] });
const answer = (text: string, ...args: string[]): NodeConfigAnswer => ({ text, entries: [entry(...args)], problems: [], changed: true });

it('a secret typed into the form is neither sent to the check nor lost by its answer', () => {
  const { question, restored } = withoutTyped({ version, entries: [entry('--hf-token', 'quo"ted', '--tp', '2')], base: '[]' });
  expect(question).toEqual({ version, entries: [entry('--hf-token', '⟪new 1⟫', '--tp', '2')], base: '[]' });
  const back = restored({ ...answer('["--hf-token", "⟪new 1⟫"]', '--hf-token', '⟪new 1⟫'), problems: [{ level: 'attention', code: 'x', params: { token: '⟪new 1⟫' } }] });
  expect(back.text).toBe('["--hf-token", "quo\\"ted"]');
  expect(back.entries).toEqual([entry('--hf-token', 'quo"ted')]);
  expect(back.problems[0]?.params).toEqual({ token: '••••••' });
});

it('the same in the raw view; one that the file has stays its token', () => {
  const { question, restored } = withoutTyped({ version, text: '[{"auth_token": "⟪secret 1⟫", "models": {"m": {"args": ["--api-key", "typed"]}}}]' });
  expect(question).toEqual({ version, text: '[{"auth_token": "⟪secret 1⟫", "models": {"m": {"args": ["--api-key", "⟪new 1⟫"]}}}]' });
  expect(restored(answer((question as { text: string }).text)).text).toContain('"--api-key", "typed"');
});

it('a token that nobody replaced is left alone', () => {
  expect(withoutTyped({ version, text: '[]' }).restored(answer('⟪new 7⟫')).text).toBe('⟪new 7⟫');
});
