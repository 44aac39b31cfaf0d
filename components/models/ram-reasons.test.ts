import { expect, it } from 'vitest';
import type { ModelFit } from './models-data.ts';
import { ramReasons } from './ram-reasons.ts';

it('one sentence a server, from any model', () => {
  const reasons = [{ level: 'ok', code: 'fits', params: {} }, { level: 'attention', code: 'ram_short', params: { have: 1, needed: 2 } }];
  const fit = { model: 'm', fits: true, servers: [{ server: 'a', reasons }, { server: 'b', reasons: [] }], mlNodes: 1, mlNodesNeeded: 2, reasons: [] } as unknown as ModelFit;
  expect([...ramReasons([fit])].map(([server, { code }]) => [server, code])).toEqual([['a', 'ram_short']]);
  expect(ramReasons([]).size).toBe(0);
});
