/** Answers of the own node; undefined while it can't be reached. A node on a busy machine is slow, not lost: the real api notices a connection that ends. */
export async function askNode(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${(process.env.DAPI_CHAIN_NODE__URL ?? '').replace(/\/+$/, '')}${path}`, { signal: AbortSignal.timeout(10_000) });
    return ((await response.json()) as { result?: Record<string, unknown> }).result;
  } catch {
    return undefined;
  }
}
