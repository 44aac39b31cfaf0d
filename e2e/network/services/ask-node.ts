/** Answers of the own node; undefined while it can't be reached. */
export async function askNode(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${(process.env.DAPI_CHAIN_NODE__URL ?? '').replace(/\/+$/, '')}${path}`, { signal: AbortSignal.timeout(2000) });
    return ((await response.json()) as { result?: Record<string, unknown> }).result;
  } catch {
    return undefined;
  }
}
