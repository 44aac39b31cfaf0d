import type { CardKind } from './card-size.ts';

/** A configuration that upstream gives for a model. Without `cards` it is meant for any. */
export type ReferenceConfig = {
  cards?: { kind: CardKind; /** Of one server; absent where upstream states none. */ count?: number };
  /** One token an element. */
  args: string[];
  /** Environment that the ML node needs besides. */
  env?: Record<string, string>;
  /** Oldest ML node that can run it. */
  mlNode?: string;
  source: string;
  date: string;
};

const SEED = { date: '2025-10-22' };
const NODES = { source: 'host/multiple-nodes.md', date: '2025-11-06' };
const JULY = { date: '2026-07-23' };
const MINIMAX = { source: 'host/quickstart.md', date: '2026-08-22' };
const DEEPSEEK = { source: 'host/quickstart.md', date: '2026-08-22', mlNode: '3.0.16' };

const tp = (n: number): string[] => ['--tensor-parallel-size', `${n}`];
const pp = (n: number): string[] => ['--pipeline-parallel-size', `${n}`];
const memory = (share: string): string[] => ['--gpu-memory-utilization', share];
const length = (n: number): string[] => ['--max-model-len', `${n}`];

const KIMI = ['--enable-expert-parallel', '--trust-remote-code', '--mm-encoder-tp-mode', 'data', '--tool-call-parser', 'kimi_k2', '--reasoning-parser', 'kimi_k2'];
const MINIMAX_ALL = ['--max-num-seqs', '128', '--enable-auto-tool-choice', ...length(180_000), '--kv-cache-dtype', 'fp8', '--tool-call-parser', 'minimax_m2', '--reasoning-parser', 'minimax_m2_append_think'];
const deepseek = (cards: number, share: string): string[] => [
  '--revision', '7872f01b1d1fe23eabc4c98b48bffcef5a386062', ...tp(cards), ...memory(share), ...length(400_000), '--max-num-batched-tokens', '32768', '--kv-cache-dtype', 'fp8',
  '--tokenizer-mode', 'deepseek_v4', '--tool-call-parser', 'deepseek_v4', '--reasoning-parser', 'deepseek_v4', '--trust-remote-code',
];

/** Reference configurations by model (facts 3.3). */
export const REFERENCES: Record<string, ReferenceConfig[]> = {
  'Qwen/Qwen2.5-7B-Instruct': [
    { args: ['--quantization', 'fp8', ...memory('0.8')], source: 'node-config.json, v0.2.8', date: '2026-01-29' },
    { cards: { kind: '3080', count: 8 }, args: ['--quantization', 'fp8', ...tp(4), ...pp(2)], source: 'node-config-8x3080.json, v0.2.4', ...SEED },
  ],
  'Qwen/QwQ-32B': [
    { args: ['--quantization', 'fp8', '--kv-cache-dtype', 'fp8'], source: 'node-config-qwq.json, v0.2.4', ...SEED },
    { cards: { kind: '3090', count: 4 }, args: ['--quantization', 'fp8', ...tp(4), '--kv-cache-dtype', 'fp8'], source: 'node-config-qwq-4x3090.json, v0.2.4', ...SEED },
    { cards: { kind: '3090', count: 8 }, args: ['--quantization', 'fp8', ...tp(4), ...pp(2), '--kv-cache-dtype', 'fp8'], source: 'node-config-qwq-8x3090.json, v0.2.4', ...SEED },
  ],
  'Qwen/Qwen3-32B-FP8': [
    { cards: { kind: 'H100', count: 1 }, args: [], ...NODES },
    { cards: { kind: '4090', count: 8 }, args: tp(4), ...NODES },
    { cards: { kind: '3080', count: 8 }, args: [...tp(4), ...pp(2)], ...NODES },
  ],
  'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8': [
    { args: [...tp(4), ...length(240_000)], source: 'node-config.json, v0.2.14', ...JULY },
    { cards: { kind: 'H100', count: 8 }, args: tp(4), ...NODES },
    { cards: { kind: 'H200', count: 8 }, args: tp(4), ...NODES },
    { cards: { kind: 'B200' }, args: [...tp(2), ...length(240_000), ...memory('0.88')], source: 'node-config-qwen235B-B200.json, v0.2.14', ...JULY },
  ],
  'moonshotai/Kimi-K2.6': [
    {
      cards: { kind: 'B200', count: 4 }, source: 'node-config-kimik26-B200.json, v0.2.14', ...JULY,
      args: [...tp(4), ...KIMI, '--attention-backend', 'FLASHINFER_MLA', '--disable-custom-all-reduce', ...memory('0.95'), '--max-num-seqs', '128', ...length(240_000)],
    },
    { cards: { kind: 'H200', count: 8 }, args: [...tp(8), ...KIMI, '--attention-backend', 'FLASHMLA', ...memory('0.90'), ...length(240_000)], source: 'node-config-kimik26-H200.json, v0.2.14', ...JULY },
  ],
  'MiniMaxAI/MiniMax-M2.7': [
    { cards: { kind: 'A100', count: 4 }, args: ['--moe-backend', 'marlin', ...tp(4), ...memory('0.95'), ...MINIMAX_ALL], env: { VLLM_USE_FLASHINFER_MOE_FP8: '0' }, ...MINIMAX },
    { cards: { kind: 'H100', count: 4 }, args: [...tp(4), '--attention-backend', 'FLASHINFER', ...memory('0.92'), ...MINIMAX_ALL], ...MINIMAX },
    { cards: { kind: 'H200', count: 2 }, args: [...tp(2), '--attention-backend', 'FLASHINFER', ...memory('0.92'), ...MINIMAX_ALL], ...MINIMAX },
    { cards: { kind: 'B200', count: 2 }, args: [...tp(2), '--moe-backend', 'FLASHINFER_TRTLLM', ...memory('0.92'), ...MINIMAX_ALL], ...MINIMAX },
  ],
  'deepseek-ai/DeepSeek-V4-Flash-0731': [
    { cards: { kind: 'H100', count: 4 }, args: deepseek(4, '0.85'), ...DEEPSEEK },
    { cards: { kind: 'H200', count: 2 }, args: deepseek(2, '0.90'), ...DEEPSEEK },
    { cards: { kind: 'B200', count: 2 }, args: deepseek(2, '0.90'), ...DEEPSEEK },
    { cards: { kind: 'B300', count: 1 }, args: deepseek(1, '0.90'), ...DEEPSEEK },
  ],
};
