import type { Words } from '#lib/operations/schema.ts';
import { formatGnk } from '../ui/amount.tsx';
import { joinedList, listedParam } from '../ui/joined-list.ts';
import type { ExitParams, ExitStage, ExitWait } from './leave-data.ts';

/** `say`: the message under `exit.<key>`, undefined where there is none. `error`: what an error code says has happened. */
export type WordSource = { say: (key: string, params?: Words['params']) => string | undefined; error: (words: Words) => string; number: (value: number) => string; locale: string };

/** Words for what an exit says in data. A key without words shows itself instead of failing. */
export function exitWords({ say, error, number, locale }: WordSource) {
  // Blocks and weights are grouped as everywhere, rewards are ngonka; epochs and ids stay as they are.
  const one = (name: string, value: string | number) => (typeof value === 'number' ? (/block|height|weight|^now$/i.test(name) ? number(value) : value) : name === 'reward' && /^\d+$/.test(value) ? formatGnk(BigInt(value)) : listedParam(locale, name, value));
  const shown = (params: Words['params']) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, one(name, value)]));
  const any = (key: string, params: Words['params'] = {}) => say(key, shown(params));
  return {
    scope: (params: ExitParams): string => any(`scopes.${params.scope}`, params.scope === 'ml-node' ? { node: params.node } : {}) ?? params.scope,
    stage: (stage: ExitStage): string => any(`stage.${stage}`) ?? stage,
    waits: ({ code, params, epoch, block }: ExitWait): string => any(`waits.${code}`, { ...params, ...(epoch === undefined ? {} : { epoch }), ...(block === undefined ? {} : { block }) }) ?? code,
    unknown: (words: Words): string => any(`unknown.${words.code}`, words.params) ?? error(words),
    list: (names: readonly string[]): string => joinedList(locale, names),
    event: ({ code, params }: Words): string => any(`events.${code}`, params) ?? code,
  };
}
