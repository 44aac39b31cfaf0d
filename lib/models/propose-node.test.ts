import { expect, it } from 'vitest';
import { BUILT_IN, type CatalogueEntry } from './catalogue.ts';
import { proposeNode } from './propose-node.ts';
import { fitModel, type ServerFit } from './vram-fit.ts';
import { formatNodeConfig, nodeConfigProblems, parseNodeConfig } from '#lib/deployment/node-config.ts';

const entry = (id: string) => BUILT_IN.find((one) => one.id === id) as CatalogueEntry;
const eight = (name: string, totalMiB: number) => ({ name: 's', gpus: Array.from({ length: 8 }, () => ({ name, totalMiB })) });
const fitted = (id: string, name = 'NVIDIA H200', mib = 143_771) => fitModel([eight(name, mib)], entry(id)).servers[0] as ServerFit;

it('what is proposed is a file without a problem, for every model and both places', () => {
  let proposed = 0;
  for (const model of BUILT_IN) for (const place of [{ where: 'same-docker' }, { where: 'remote', host: '10.0.0.21' }] as const) {
    const proposal = proposeNode(model, fitted(model.id), place);
    if (model.known === 'named') expect(proposal).toBeUndefined();
    else {
      proposed += 1;
      const text = formatNodeConfig(proposal ? [proposal.entry] : [], '');
      const { nodes, problems } = parseNodeConfig(text);
      const reference = { [model.id]: model.references.map(({ args }) => args) };
      expect([...problems, ...nodeConfigProblems(nodes, { release: '0.2.14', reference, approved: [model.id] })]).toEqual([]);
      expect(proposal?.reasons.map(({ field }) => field)).toEqual(['id', 'host', 'inference_port', 'max_concurrent', 'models', 'hardware']);
    }
  }
  expect(proposed).toBe(14);
});

it('the ports of the place, and an id that is free', () => {
  const model = entry('Qwen/Qwen3-32B-FP8');
  expect(proposeNode(model, fitted(model.id), { where: 'same-docker' }, ['node1', 'node3'])?.entry).toEqual({ id: 'node2', host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: model.id, args: [] }], extra: [] });
  expect(proposeNode(model, fitted(model.id), { where: 'remote', host: 'gpu', pocPort: 18080 })?.entry).toMatchObject({ host: 'gpu', inferencePort: 5050, pocPort: 18080 });
});

it('what does not fit is not proposed', () => expect(proposeNode(entry('moonshotai/Kimi-K2.6'), fitted('moonshotai/Kimi-K2.6', 'NVIDIA L4', 23_034), { where: 'same-docker' })).toBeUndefined());
