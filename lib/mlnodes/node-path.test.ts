import { expect, it } from 'vitest';
import { nodePath } from './node-path.ts';

it('an id with a colon was spelled otherwise than Go spells it, and v0.2.4 would not have known it', () => {
  expect(nodePath('gpu-1:a@home', 'disable')).toBe('/admin/v1/nodes/gpu-1:a@home/disable');
  expect(nodePath('节点 1/2?')).toBe('/admin/v1/nodes/%E8%8A%82%E7%82%B9%201%2F2%3F');
});
