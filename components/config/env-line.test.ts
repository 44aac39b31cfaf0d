import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal, plainLine } from './env-line.ts';

describe('plainLine', () => {
  it('reads the forms that the templates have', () => {
    expect(plainLine('export KEY_NAME=my-node')).toMatchObject({ name: 'KEY_NAME', value: 'my-node', exported: true });
    expect(plainLine("  export A='x # y'  # why")).toMatchObject({ name: 'A', value: 'x # y', exported: true });
    expect(plainLine('A="say \\"hi\\""')).toMatchObject({ name: 'A', value: 'say "hi"', exported: false });
    expect(plainLine('export E=')).toMatchObject({ name: 'E', value: '' });
  });
  it('takes a token for a value, alone and inside', () => {
    expect(plainLine('export KEYRING_PASSWORD=⟪secret 1⟫')?.value).toBe('⟪secret 1⟫');
    expect(plainLine('export DB=postgres://u:⟪secret 12⟫@h/x # db')?.value).toBe('postgres://u:⟪secret 12⟫@h/x');
  });
  it('leaves alone what bash would not read literally', () => {
    for (const line of ['# export A=b', 'export A=$B', 'A="$B"', 'export A=b C=d', 'A=b; export A', 'A+=b', 'export A=$(x)', 'A=b#c', 'A=b\r', 'A=a b', 'A=~/x', 'if A=b', '']) expect(plainLine(line), line).toBeUndefined();
  });
  it('says where the value stands', () => {
    const line = "export A='b c' # d";
    const found = plainLine(line)!;
    expect(line.slice(found.start, found.end)).toBe("'b c'");
  });
});

it('a value that can be written is read back the same', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => {
    const written = literal(value);
    if (written !== undefined) expect(plainLine(`export A=${written}`)?.value).toBe(value);
  }));
  expect(literal('it\'s "5 $"')).toBe('"it\'s \\"5 \\$\\""');
  expect(literal('a\nb')).toBeUndefined();
});
