export type EventWords = { code: string; params: Record<string, string | number> };

/** An event line carries `{"code": "…", …params}` or a bare code; anything else is shown as it is. */
export function readEvent(line: string, service: string): EventWords | undefined {
  if (/^[a-z][a-z0-9_-]*$/.test(line)) return { code: line, params: { service } };
  if (!line.startsWith('{')) return undefined;
  try {
    const { code, params, ...rest } = JSON.parse(line) as Record<string, unknown>;
    if (typeof code !== 'string') return undefined;
    const out: Record<string, string | number> = { service };
    for (const [key, value] of Object.entries({ ...rest, ...(typeof params === 'object' ? params : {}) })) {
      if (typeof value === 'string' || typeof value === 'number') out[key] = value;
    }
    return { code, params: out };
  } catch {
    return undefined;
  }
}
