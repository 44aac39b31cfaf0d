import { readWhatIf, SERVER_PARAM, type WhatIfServer } from '../models/what-if-url.ts';

/** What the models page asks for in the address: `?model=…&on=SERVER&s=8xH100`. Undefined when it asks for nothing. */
export function readPropose(params: URLSearchParams): { model: string; on?: string; typed: WhatIfServer[] } | undefined {
  const model = params.get('model')?.slice(0, 256);
  if (!model) return undefined;
  const on = params.get('on')?.slice(0, 100);
  return { model, typed: readWhatIf(params), ...(on ? { on } : {}) };
}

/** The address without the question, when it was answered. */
export function withoutPropose(params: URLSearchParams): string {
  const rest = new URLSearchParams(params);
  for (const name of ['model', 'on', SERVER_PARAM]) rest.delete(name);
  const text = rest.toString();
  return text ? `?${text}` : '';
}
