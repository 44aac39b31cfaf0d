import { expect, it } from 'vitest';
import { aRow } from './fixtures/rows.ts';
import { compareEdits, resolved } from './three-way.ts';

const row = (name: string, value?: string, line = 1) => aRow({ name, set: value !== undefined, ...(value === undefined ? {} : { value, line }) });

it('asks only about variables that both sides changed', () => {
  const opened = [row('A', '1'), row('B', '1'), row('C', '1'), row('D', '1')];
  const now = [row('A', '2'), row('B', '1'), row('C', '3'), row('D', '9')];
  const compared = compareEdits(opened, now, { A: '5', B: '5', C: '3' });
  expect(compared.collisions).toEqual([{ name: 'A', secret: false, opened: { set: true, value: '1' }, file: { set: true, value: '2' }, yours: '5' }]);
  expect(compared.untouched).toEqual({ B: '5' });
  expect(compared.already).toEqual(['C']);
  expect(compared.theirs).toEqual(['D']);
  expect(resolved(compared, { A: 'yours' })).toEqual({ A: '5', B: '5' });
  expect(resolved(compared, { A: 'file' })).toEqual({ B: '5' });
});

it('a line taken out on both sides is settled, on one side it is asked', () => {
  expect(compareEdits([row('A', '1')], [], { A: null })).toMatchObject({ already: ['A'], collisions: [] });
  expect(compareEdits([row('A', '1')], [], { A: '2' }).collisions).toHaveLength(1);
  expect(compareEdits([row('A', '1')], [row('A', '2')], { A: null }).collisions).toHaveLength(1);
});

it('a secret is always asked about, because nobody here can see whether it changed', () => {
  const secret = aRow({ name: 'P', secret: true, set: true, line: 2 });
  const compared = compareEdits([secret], [secret], { P: 'new' });
  expect(compared.collisions).toEqual([{ name: 'P', secret: true, opened: { set: true }, file: { set: true }, yours: 'new' }]);
});

it('an edit whose line only moved goes on untouched', () => {
  expect(compareEdits([row('A', '1', 3)], [row('A', '1', 9)], { A: '2' }).untouched).toEqual({ A: '2' });
});
