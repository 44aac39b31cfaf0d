import { expect, it } from 'vitest';
import { cardTargets } from './card-targets.ts';

const node = (id: string, host: string, more = {}) => ({ id, host, pocPort: 8080, ...more });
const container = (service: string, state: 'running' | 'exited', address = '172.20.0.5') => ({ service, state, oneOff: false, networks: [{ name: 'join_default', address }] });

it('a service is asked at its container, another machine as it is written', () => {
  expect(cardTargets([node('node1', 'inference'), node('node2', '10.0.0.21', { pocPort: 8081, pocSegment: '/v3/' })], [container('inference', 'running')], ['inference', 'api'])).toEqual([
    { url: 'http://172.20.0.5:8080', host: 'inference', local: true, nodes: ['node1'] },
    { url: 'http://10.0.0.21:8081/v3', host: '10.0.0.21', local: false, nodes: ['node2'] },
  ]);
});

it('two entries of one ML node are asked once; a stopped service and a host that is none are not asked', () => {
  expect(cardTargets([node('a', '10.0.0.21'), node('b', '10.0.0.21'), node('c', 'inference'), node('d', 'http://x'), node('e', ''), node('f', 'x', { pocPort: 0 })], [container('inference', 'exited')], [])).toEqual([
    { url: 'http://10.0.0.21:8080', host: '10.0.0.21', local: false, nodes: ['a', 'b'] },
  ]);
});

it('a whole URL is taken as it is', () => {
  expect(cardTargets([{ id: 'n', host: '', pocPort: 0, baseUrl: 'https://gpu.example/x/' }], [], [])).toEqual([{ url: 'https://gpu.example/x', host: 'gpu.example', local: false, nodes: ['n'] }]);
});

it('a service of the deployment is never looked up as a name of the network, also while the engine is down', () => {
  expect(cardTargets([node('a', 'inference')], [], ['inference'])).toEqual([]);
  expect(cardTargets([node('a', 'gpu-box')], [], ['inference'])).toHaveLength(1);
});
