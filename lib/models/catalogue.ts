import { REFERENCES, type ReferenceConfig } from './reference-configs.ts';

/** Words: `models.category.<category>`. */
export type ModelCategory = 'large' | 'medium' | 'other';

/** Where a number or an argument comes from: a file or page upstream (not translated) and its day. */
export type Origin = { source: string; date: string };

export type CatalogueEntry = Origin & {
  /** As governance and node-config.json name it; a class that the guide only names carries the guide's name. */
  id: string;
  category: ModelCategory;
  /** GB by the unit rule (`card-size.ts`): of a whole ML node by the guide's table, or of one instance as governance states it. 0: not stated. */
  vramGb: number;
  vramOf: 'node' | 'instance';
  /** GB of one instance, where the table is about the whole node. */
  instanceGb: number;
  /** `named`: only the class is named by the guide. `governance`: only the network knows it. */
  known: 'supported' | 'named' | 'governance';
  /** By the network; absent: not asked yet. */
  approved?: boolean;
  /** Arguments that governance gives every host; local ones with the same flag have no effect. */
  governanceArgs: string[];
  references: ReferenceConfig[];
};

const QUICKSTART: Origin = { source: 'quickstart.zh.md', date: '2025-11-06' };

const entry = (id: string, category: ModelCategory, vramGb: number, origin: Origin, more: Partial<Pick<CatalogueEntry, 'vramOf' | 'instanceGb' | 'known'>> = {}): CatalogueEntry => ({
  id, category, vramGb, vramOf: 'instance', instanceGb: vramGb, known: 'supported', governanceArgs: [], references: REFERENCES[id] ?? [], ...origin, ...more,
});

/**
 * What is known without the network: the guide's categories and models with its table's GB, and the later models of facts
 * 3.3 and 10.3. Rules of later releases are newer than the guide's: each entry says its source and day.
 */
export const BUILT_IN: readonly CatalogueEntry[] = [
  // The table is about a node of two or more instances; the reference configuration is 4 cards of 80 GB an instance.
  entry('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', 'large', 640, QUICKSTART, { vramOf: 'node', instanceGb: 320 }),
  entry('DeepSeek R1', 'large', 640, QUICKSTART, { vramOf: 'node', known: 'named' }),
  entry('gpt-oss-120b', 'large', 640, QUICKSTART, { vramOf: 'node', known: 'named' }),
  entry('Qwen/Qwen3-32B-FP8', 'medium', 80, QUICKSTART, { vramOf: 'node' }),
  entry('Gemma-3-27b-it', 'medium', 80, QUICKSTART, { vramOf: 'node', known: 'named' }),
  entry('moonshotai/Kimi-K2.6', 'other', 720, { source: 'host/minimax-bootstrap.md', date: '2026-08-22' }),
  entry('MiniMaxAI/MiniMax-M2.7', 'other', 320, { source: 'host/minimax-bootstrap.md', date: '2026-08-22' }),
  entry('deepseek-ai/DeepSeek-V4-Flash-0731', 'other', 280, { source: 'host/deepseek-bootstrap.md', date: '2026-08-22' }),
  entry('Qwen/QwQ-32B', 'other', 80, { source: 'GET /v1/governance/models, v0.2.4', date: '2025-10-22' }),
  entry('Qwen/Qwen2.5-7B-Instruct', 'other', 24, { source: 'GET /v1/governance/models, v0.2.4', date: '2025-10-22' }),
];

/** A model as governance has it (`lib/chain` reads it). `vramGb` 0: not stated. */
export type ApprovedModel = { id: string; vramGb: number; args: string[] };

/**
 * The catalogue with the network's answer over it: governance's GB (of one instance) and arguments win, models that only
 * governance has are added, the others are marked as not approved. Without an answer nothing is known to be approved or not.
 * `from`: who answered, and when (ms).
 */
export function mergeCatalogue(builtIn: readonly CatalogueEntry[], governance: readonly ApprovedModel[] | undefined, from?: { source: string; at: number }): CatalogueEntry[] {
  if (!governance) return [...builtIn];
  const origin = { source: `GET /v1/governance/models (${from?.source ?? ''})`.replace(' ()', ''), date: new Date(from?.at ?? 0).toISOString().slice(0, 10) };
  const stated = (model: ApprovedModel) => (model.vramGb > 0 ? { vramGb: model.vramGb, vramOf: 'instance' as const, instanceGb: model.vramGb, ...origin } : {});
  return [
    ...builtIn.map((one): CatalogueEntry => {
      const model = governance.find(({ id }) => id === one.id);
      return model ? { ...one, ...stated(model), approved: true, governanceArgs: model.args } : { ...one, approved: false };
    }),
    ...governance.filter(({ id }) => !builtIn.some((one) => one.id === id)).map((model): CatalogueEntry => ({
      ...entry(model.id, 'other', model.vramGb, origin, { known: 'governance' }), approved: true, governanceArgs: model.args,
    })),
  ];
}
