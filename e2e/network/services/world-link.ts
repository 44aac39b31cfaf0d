/** A container's link to the seed: the network's parameters and ledger, asked again and again, kept when the seed is gone. */
import type { View } from '../answers/answer.ts';
import type { Ledger } from '../ledger.ts';
import type { World } from '../world.ts';

export type WorldLink = {
  /** The last known state of the network; undefined before the seed answered once. */
  view(): View | undefined;
  reachable(): boolean;
  report(what: 'participation' | 'hardware' | 'claim' | 'signed' | 'grant' | 'peer', body: unknown): Promise<Record<string, unknown> | undefined>;
};

/** The seed's address from the variables that the compose files hand to the container. */
export function seedOrigin(env: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const value of [env.SEED_API_URL, env.DAPI_CHAIN_NODE__SEED_API_URL, env.SEED_NODE_RPC_URL, env.RPC_SERVER_URL_1]) {
    const url = value ? URL.parse(value) : null;
    if (url && /^https?:$/.test(url.protocol)) return url.origin;
  }
  return undefined;
}

export async function askSeed(origin: string, path: string, init?: RequestInit): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${origin}/standin/${path}`, { ...init, signal: AbortSignal.timeout(3000) });
    return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function linkToWorld(origin: string | undefined): WorldLink {
  let state: { revision: string; world: World; ledger: Ledger } | undefined;
  let reachable = false;
  const ask = async () => {
    if (!origin) return;
    const answer = await askSeed(origin, `world?since=${state?.revision ?? ''}`);
    reachable = answer !== undefined;
    if (answer?.world) state = answer as unknown as NonNullable<typeof state>;
    setTimeout(ask, Math.min(1000, Math.max(250, state?.world.clock.blockMs ?? 500))).unref();
  };
  void ask();
  return {
    view: () => state && { world: state.world, ledger: state.ledger, now: Date.now() },
    reachable: () => reachable,
    report: async (what, body) => (origin ? askSeed(origin, what, { method: 'POST', body: JSON.stringify(body) }) : undefined),
  };
}

/** Waits until the seed has answered once, at most `ms`. */
export async function firstView(link: WorldLink, ms: number): Promise<View | undefined> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    const view = link.view();
    if (view) return view;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
