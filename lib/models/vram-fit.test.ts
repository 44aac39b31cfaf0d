import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN, mergeCatalogue, type CatalogueEntry } from './catalogue.ts';
import { type CardKind, KNOWN_CARDS } from './card-size.ts';
import { fitModel, type GpuServer, REASONED, reasonOf, type ServerFit } from './vram-fit.ts';

const MODELS: Record<string, string> = {
  'Qwen3-235B': 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', 'Qwen3-32B': 'Qwen/Qwen3-32B-FP8', 'QwQ-32B': 'Qwen/QwQ-32B', 'Qwen2.5-7B': 'Qwen/Qwen2.5-7B-Instruct',
  'Kimi-K2.6': 'moonshotai/Kimi-K2.6', 'MiniMax-M2.7': 'MiniMaxAI/MiniMax-M2.7', 'DeepSeek-V4': 'deepseek-ai/DeepSeek-V4-Flash-0731', 'DeepSeek R1': 'DeepSeek R1', 'Gemma-3': 'Gemma-3-27b-it',
};
const entryOf = (model: string): CatalogueEntry => BUILT_IN.find(({ id }) => id === (MODELS[model] ?? model)) as CatalogueEntry;
const card = (kind: CardKind) => KNOWN_CARDS.find((one) => one.kind === kind) as (typeof KNOWN_CARDS)[number];
const server = (count: number, kind: CardKind, over: Partial<GpuServer> = {}): GpuServer => ({ name: 'gpu-1', gpus: Array.from({ length: count }, () => ({ name: card(kind).name, totalMiB: card(kind).totalMiB })), ...over });
const one = (entry: CatalogueEntry, given: GpuServer): ServerFit => fitModel([given], entry).servers[0] as ServerFit;

/**
 * One row a card count and model, both sides of each boundary:
 * cards | model | fits, GB over (or under) the need | tensor x pipeline, instances, idle cards
 */
const TABLE = `
  8 H100         | Qwen3-235B   | fits +0    | 4x1, 2, 0
  7 H100         | Qwen3-235B   | no -80     |
  8 A100         | Qwen3-235B   | fits +0    | 4x1, 2, 0
  7 A100         | Qwen3-235B   | no -80     |
  8 H200         | Qwen3-235B   | fits +488  | 4x1, 2, 0
  5 H200         | Qwen3-235B   | fits +65   | 4x1, 1, 1
  4 H200         | Qwen3-235B   | no -76     |
  4 B200         | Qwen3-235B   | fits +128  | 2x1, 2, 0
  3 B200         | Qwen3-235B   | no -64     |
  3 B300         | Qwen3-235B   | fits +224  | 2x1, 1, 1
  2 B300         | Qwen3-235B   | no -64     |
  7 RTX PRO 6000 | Qwen3-235B   | fits +32   | 4x1, 1, 3
  6 RTX PRO 6000 | Qwen3-235B   | no -64     |
  8 4090         | Qwen3-235B   | no -448    |
  8 H200         | DeepSeek R1  | fits +488  | 8x1, 1, 0
  4 H200         | DeepSeek R1  | no -76     |

  1 H100         | Qwen3-32B    | fits +0    | 1x1, 1, 0
  2 H100         | Qwen3-32B    | fits +80   | 1x1, 2, 0
  1 A100         | Qwen3-32B    | fits +0    | 1x1, 1, 0
  4 A100         | Qwen3-32B    | fits +240  | 1x1, 4, 0
  2 A100 40GB    | Qwen3-32B    | fits +0    | 2x1, 1, 0
  1 A100 40GB    | Qwen3-32B    | no -40     |
  1 H200         | Qwen3-32B    | fits +61   | 1x1, 1, 0
  8 4090         | Qwen3-32B    | fits +112  | 4x1, 2, 0
  4 4090         | Qwen3-32B    | fits +16   | 4x1, 1, 0
  3 4090         | Qwen3-32B    | no -8      |
  4 3090         | Qwen3-32B    | fits +16   | 4x1, 1, 0
  3 3090         | Qwen3-32B    | no -8      |
  4 L4           | Qwen3-32B    | fits +16   | 4x1, 1, 0
  3 L4           | Qwen3-32B    | no -8      |
  8 3080         | Qwen3-32B    | fits +0    | 4x2, 1, 0
  7 3080         | Qwen3-32B    | no -10     |
  1 RTX PRO 6000 | Qwen3-32B    | fits +16   | 1x1, 1, 0
  1 H100         | Gemma-3      | fits +0    | 1x1, 1, 0

  8 3090         | QwQ-32B      | fits +112  | 4x2, 1, 0
  7 3090         | QwQ-32B      | fits +88   | 4x1, 1, 3
  4 3090         | QwQ-32B      | fits +16   | 4x1, 1, 0
  3 3090         | QwQ-32B      | no -8      |

  8 3080         | Qwen2.5-7B   | fits +56   | 4x2, 1, 0
  4 3080         | Qwen2.5-7B   | fits +16   | 4x1, 1, 0
  3 3080         | Qwen2.5-7B   | no +6      |
  2 4090         | Qwen2.5-7B   | fits +24   | 1x1, 2, 0
  1 4090         | Qwen2.5-7B   | no +0      |
  2 3090         | Qwen2.5-7B   | fits +24   | 1x1, 2, 0
  1 3090         | Qwen2.5-7B   | no +0      |
  2 L4           | Qwen2.5-7B   | fits +24   | 1x1, 2, 0
  1 L4           | Qwen2.5-7B   | no +0      |
  1 A100 40GB    | Qwen2.5-7B   | fits +16   | 1x1, 1, 0

  8 B200         | Kimi-K2.6    | fits +816  | 4x1, 2, 0
  4 B200         | Kimi-K2.6    | fits +48   | 4x1, 1, 0
  3 B200         | Kimi-K2.6    | no -144    |
  8 H200         | Kimi-K2.6    | fits +408  | 8x1, 1, 0
  6 H200         | Kimi-K2.6    | fits +126  | 2x3, 1, 0
  5 H200         | Kimi-K2.6    | no -15     |
  8 H100         | Kimi-K2.6    | no -80     |
  3 B300         | Kimi-K2.6    | fits +144  | 1x3, 1, 0
  2 B300         | Kimi-K2.6    | no -144    |

  8 A100         | MiniMax-M2.7 | fits +320  | 4x1, 2, 0
  4 A100         | MiniMax-M2.7 | fits +0    | 4x1, 1, 0
  3 A100         | MiniMax-M2.7 | no -80     |
  4 H100         | MiniMax-M2.7 | fits +0    | 4x1, 1, 0
  3 H100         | MiniMax-M2.7 | no -80     |
  2 H200         | MiniMax-M2.7 | fits -38   | 2x1, 1, 0
  1 H200         | MiniMax-M2.7 | no -179    |
  2 B200         | MiniMax-M2.7 | fits +64   | 2x1, 1, 0
  1 B200         | MiniMax-M2.7 | no -128    |
  4 RTX PRO 6000 | MiniMax-M2.7 | fits +64   | 4x1, 1, 0
  3 RTX PRO 6000 | MiniMax-M2.7 | no -32     |

  4 H100         | DeepSeek-V4  | fits +40   | 4x1, 1, 0
  3 H100         | DeepSeek-V4  | no -40     |
  2 H200         | DeepSeek-V4  | fits +2    | 2x1, 1, 0
  1 H200         | DeepSeek-V4  | no -139    |
  2 B200         | DeepSeek-V4  | fits +104  | 2x1, 1, 0
  1 B200         | DeepSeek-V4  | no -88     |
  1 B300         | DeepSeek-V4  | fits +8    | 1x1, 1, 0
  3 RTX PRO 6000 | DeepSeek-V4  | fits +8    | 1x3, 1, 0
  2 RTX PRO 6000 | DeepSeek-V4  | no -88     |
`.trim().split('\n').filter((line) => line.trim()).map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string]);

describe('cards and models', () => {
  it.each(TABLE)('%s: %s %s %s', (cards, model, verdict, shape) => {
    const [, count, kind] = /^(\d+) (.+)$/.exec(cards) as unknown as [string, string, CardKind];
    const fit = one(entryOf(model), server(Number(count), kind));
    expect(`${fit.fits ? 'fits' : 'no'} ${fit.marginGb >= 0 ? '+' : ''}${fit.marginGb}`).toBe(verdict);
    if (fit.fits) expect(`${fit.tensorParallel}x${fit.pipelineParallel}, ${fit.instances}, ${fit.idleGpus}`).toBe(shape);
    else {
      expect(fit.reasons.some(({ level }) => level === 'broken')).toBe(true);
      expect([fit.instances, fit.idleGpus, fit.args]).toEqual([0, Number(count), []]);
    }
  });
  it('every card and every model of the table is in it', () => {
    expect(new Set(TABLE.map(([cards]) => cards.replace(/^\d+ /, '')))).toEqual(new Set(KNOWN_CARDS.map(({ kind }) => kind)));
    expect(new Set(TABLE.map(([, model]) => model))).toEqual(new Set(Object.keys(MODELS)));
  });
});

describe('why', () => {
  const codes = (model: string, given: GpuServer) => one(entryOf(model), given).reasons.map(({ level, code }) => `${level} ${code}`);
  it('a reference configuration proves what the table denies', () => {
    expect(codes('MiniMax-M2.7', server(2, 'H200', { ramGiB: 512 }))).toEqual(['info fits_reference', 'info split', 'info instances', 'ok reference', 'info newer_minimum', 'ok ram_enough']);
  });
  it('one card of 24 GB holds a 7B model but is no ML node', () => {
    expect(codes('Qwen2.5-7B', server(1, '4090', { ramGiB: 64 }))).toEqual(['ok fits', 'broken below_minimum', 'ok ram_enough']);
    expect(codes('Qwen2.5-7B', server(2, '4090', { ramGiB: 64 }))).toContain('info poc_v1_group');
  });
  it('RAM on both sides of 1.5 x VRAM: 8 x H100 needs 960 GB', () => {
    const ram = (ramGiB: number) => one(entryOf('Qwen3-235B'), server(8, 'H100', { ramGiB }));
    expect([ram(894).ramOk, ram(895).ramOk, ram(894).ramNeededGb]).toEqual([false, true, 960]);
    expect(ram(894).fits).toBe(true);
    expect(one(entryOf('Qwen3-235B'), server(8, 'H100')).ramOk).toBeUndefined();
  });
  it('two ML nodes a model', () => {
    const fit = fitModel([server(8, 'H100'), server(8, 'A100', { name: 'gpu-2' }), server(1, '4090', { name: 'gpu-3' })], entryOf('Qwen3-235B'));
    expect([fit.fits, fit.mlNodes, fit.mlNodesNeeded, fit.reasons.map(({ code }) => code)]).toEqual([true, 2, 2, ['ml_nodes_enough']]);
    expect(fitModel([server(8, 'H100')], entryOf('Qwen3-235B')).reasons).toEqual([{ level: 'attention', code: 'ml_nodes_few', params: { count: 1, needed: 2 } }]);
    expect(fitModel([], entryOf('Qwen3-235B'))).toMatchObject({ fits: false, mlNodes: 0, servers: [] });
  });
  it('mixed cards count as the smallest, and no reference is for them', () => {
    const mixed = { name: 'm', gpus: [...server(4, 'H100').gpus, ...server(4, 'A100 40GB').gpus] };
    const fit = one(entryOf('Qwen3-32B'), mixed);
    expect([fit.fits, fit.haveGb, fit.tensorParallel, fit.instances]).toEqual([true, 320, 2, 4]);
    expect(fit.reasons.map(({ code }) => code)).toContain('mixed_cards');
    expect(fit.reasons.map(({ code }) => code)).toContain('no_reference');
  });
  it('what the guide only names, what governance refused', () => {
    expect(fitModel([server(8, 'H200')], entryOf('DeepSeek R1')).reasons.map(({ code }) => code)).toContain('only_named');
    const [refused] = mergeCatalogue([entryOf('Qwen3-32B')], []);
    expect(fitModel([server(8, 'H200')], refused as CatalogueEntry).reasons.map(({ code }) => code)).toContain('not_approved');
  });
  it('no cards, no need stated', () => {
    expect(one(entryOf('Qwen3-32B'), { name: 'x', gpus: [] })).toMatchObject({ fits: false, haveGb: 0, marginGb: -80, idleGpus: 0, reasons: [{ code: 'no_gpus' }] });
    expect(one({ ...entryOf('Qwen3-32B'), vramGb: 0, instanceGb: 0 }, server(1, 'H100')).reasons[0]).toMatchObject({ level: 'broken', code: 'need_unknown' });
  });
});

describe('arguments to write', () => {
  const tokens = (entry: CatalogueEntry, given: GpuServer) => one(entry, given).args.map(({ token }) => token).join(' ');
  it('the reference’s own, token by token', () => {
    expect(tokens(entryOf('Kimi-K2.6'), server(8, 'B200'))).toBe('--tensor-parallel-size 4 --enable-expert-parallel --trust-remote-code --mm-encoder-tp-mode data --tool-call-parser kimi_k2 --reasoning-parser kimi_k2 --attention-backend FLASHINFER_MLA --disable-custom-all-reduce --gpu-memory-utilization 0.95 --max-num-seqs 128 --max-model-len 240000');
    expect(tokens(entryOf('QwQ-32B'), server(8, '3090'))).toBe('--quantization fp8 --tensor-parallel-size 4 --pipeline-parallel-size 2 --kv-cache-dtype fp8');
    expect(tokens(entryOf('Qwen3-32B'), server(1, 'H100'))).toBe('');
  });
  it('without a reference for these cards: the general one with the sizes that fit', () => {
    expect(tokens(entryOf('Qwen3-235B'), server(8, 'A100'))).toBe('--tensor-parallel-size 4 --max-model-len 240000');
    expect(tokens(entryOf('QwQ-32B'), server(4, 'L4'))).toBe('--tensor-parallel-size 4 --quantization fp8 --kv-cache-dtype fp8');
    expect(tokens(entryOf('QwQ-32B'), server(1, 'H100'))).toBe('--quantization fp8 --kv-cache-dtype fp8');
    expect(tokens(entryOf('DeepSeek-V4'), server(3, 'RTX PRO 6000'))).toBe('--pipeline-parallel-size 3');
  });
  it('what governance gives is not written again, and fixes the sizes', () => {
    const [given] = mergeCatalogue([entryOf('QwQ-32B')], [{ id: 'Qwen/QwQ-32B', vramGb: 80, args: ['--quantization', 'fp8'] }]);
    expect(tokens(given as CatalogueEntry, server(4, '3090'))).toBe('--tensor-parallel-size 4 --kv-cache-dtype fp8');
    const [fixed] = mergeCatalogue([entryOf('Qwen3-32B')], [{ id: 'Qwen/Qwen3-32B-FP8', vramGb: 80, args: ['--tensor-parallel-size', '2'] }]);
    expect(one(fixed as CatalogueEntry, server(8, 'H100'))).toMatchObject({ tensorParallel: 2, instances: 4, args: [] });
    expect(one(fixed as CatalogueEntry, server(1, 'H100')).fits).toBe(false);
  });
  it('every token has its reason', () => {
    for (const { token, reason } of one(entryOf('Kimi-K2.6'), server(8, 'B200')).args) expect(REASONED, token).toContain(reason);
    expect(reasonOf('--something-new')).toBe('other');
  });
});

it('a plan never takes more cards than there are, and what fits holds every instance or is upstream’s own', () => {
  const kinds = KNOWN_CARDS.map(({ kind }) => kind);
  fc.assert(fc.property(fc.constantFrom(...BUILT_IN), fc.nat(16), fc.constantFrom(...kinds), fc.option(fc.constantFrom(...kinds)), (entry, count, kind, last) => {
    const gpus = [...server(count, kind).gpus, ...(last ? server(1, last).gpus : [])];
    const fit = one(entry, { name: 's', gpus });
    expect(fit.marginGb).toBe(fit.haveGb - fit.needGb);
    if (!fit.fits) {
      expect(fit.instances).toBe(0);
      return;
    }
    const size = fit.tensorParallel * fit.pipelineParallel;
    expect(size * fit.instances + fit.idleGpus).toBe(gpus.length);
    expect(fit.idleGpus).toBeLessThan(size);
    expect([1, 2, 4, 8]).toContain(fit.tensorParallel);
    const smallest = Math.min(...fit.cards.map(({ gb }) => gb));
    if (!fit.reasons.some(({ code }) => code === 'reference')) expect(size * smallest).toBeGreaterThanOrEqual(fit.instanceGb);
  }), { numRuns: 2_000 });
});

it('more cards of the same kind never fit less', () => {
  for (const entry of BUILT_IN) for (const { kind } of KNOWN_CARDS) {
    const fits = Array.from({ length: 17 }, (_, count) => one(entry, server(count, kind)).fits);
    expect(fits.indexOf(true) < 0 || fits.slice(fits.indexOf(true)).every(Boolean), `${entry.id} on ${kind}`).toBe(true);
  }
});

describe('the catalogue', () => {
  it('every entry has a source and a day; the guide’s table is the guide’s', () => {
    const guide = new URL('../../../shared/spec/quickstart.zh.md', import.meta.url);
    for (const { source, date, vramGb, instanceGb } of BUILT_IN) expect([source.length > 3, /^20\d\d-\d\d-\d\d$/.test(date), vramGb > 0, instanceGb > 0]).toEqual([true, true, true, true]);
    let text = '';
    try {
      text = readFileSync(guide, 'utf8');
    } catch {
      return; // not beside this tree
    }
    for (const row of ['| 大（Large） | `DeepSeek R1` / `Qwen3-235B` | ≥ 2 | 每个 ML 节点 8× H200 | 640 GB |', '| 中（Medium） | `Qwen3-32B` / `Gemma-3-27B-it` | ≥ 2 | 每个 ML 节点 4× A100 或 2× H100 | 80 GB |']) expect(text).toContain(row);
  });
  it('the network wins, adds and marks', () => {
    const merged = mergeCatalogue(BUILT_IN, [{ id: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', vramGb: 320, args: ['--x'] }, { id: 'Qwen/QwQ-32B', vramGb: 0, args: [] }, { id: 'zai-org/GLM-5.2-FP8', vramGb: 700, args: [] }], { source: 'node2.gonka.ai', at: Date.UTC(2026, 10, 27) });
    const of = (id: string) => merged.find((one) => one.id === id);
    expect(of('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8')).toMatchObject({ vramGb: 320, vramOf: 'instance', instanceGb: 320, approved: true, governanceArgs: ['--x'], category: 'large', source: 'GET /v1/governance/models (node2.gonka.ai)', date: '2026-11-27' });
    expect(of('Qwen/QwQ-32B')).toMatchObject({ vramGb: 80, approved: true, source: 'GET /v1/governance/models, v0.2.4' });
    expect(of('zai-org/GLM-5.2-FP8')).toMatchObject({ vramGb: 700, approved: true, known: 'governance', category: 'other', references: [] });
    expect(of('Qwen/Qwen3-32B-FP8')).toMatchObject({ approved: false, vramGb: 80 });
    expect(mergeCatalogue(BUILT_IN, undefined)).toEqual(BUILT_IN);
  });
});

it('a model was said to fit one card of 80 GB with 280, because governance spread it otherwise than its reference', () => {
  const governed = (model: string, ...args: string[]) => mergeCatalogue(BUILT_IN, [{ id: MODELS[model] as string, vramGb: entryOf(model).vramGb, args }]).find(({ id }) => id === MODELS[model]) as CatalogueEntry;
  for (const count of [4, 8]) expect(one(governed('DeepSeek-V4', '--tensor-parallel-size', '1', '--pipeline-parallel-size', '1'), server(count, 'H100')).fits).toBe(false);
  const alone = one(governed('DeepSeek-V4', '--tensor-parallel-size', '1'), server(4, 'H100'));
  expect((alone.tensorParallel ?? 0) * (alone.pipelineParallel ?? 0) * 80).toBeGreaterThanOrEqual(280);
  // As upstream states it, and spread over as many cards otherwise.
  expect(one(governed('DeepSeek-V4', '--tensor-parallel-size', '4'), server(4, 'H100'))).toMatchObject({ fits: true, tensorParallel: 4, pipelineParallel: 1 });
  expect(one(governed('MiniMax-M2.7', '--tensor-parallel-size', '1'), server(2, 'H200')).fits).toBe(false);
});
