import type { PanelEnv } from '#lib/core/env.ts';

/** Where a browser may come from: the loopback names at our port, and what PANEL_ORIGINS adds. */
export function allowedOrigins(env: Pick<PanelEnv, 'port' | 'origins'>): string[] {
  return [...['127.0.0.1', 'localhost', '[::1]'].map((name) => `http://${name}:${env.port}`), ...env.origins];
}
