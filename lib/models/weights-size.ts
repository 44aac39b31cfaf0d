/** Weights whose size a document states (facts 10.3), in bytes. */
const STATED: Record<string, number> = { 'MiniMaxAI/MiniMax-M2.7': 230e9 };

/** About how many bytes a model's weights have, when the hub doesn't say: one a parameter for FP8, two otherwise (facts 10.3). */
export function estimatedBytes(model: string): number | undefined {
  const [, billions] = /(?:^|[-_])(\d+(?:\.\d+)?)B(?:[-_]|$)/i.exec(model.split('/').at(-1) ?? '') ?? [];
  return STATED[model] ?? (billions ? Number(billions) * 1e9 * (/FP8/i.test(model) ? 1 : 2) : undefined);
}
