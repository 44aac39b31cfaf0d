import { expect, it } from 'vitest';
import type { Deployment } from '#lib/deployment/schema.ts';
import { surroundings, surroundOperations } from '#lib/operations/surroundings.ts';
import { exitPlan } from './plan.ts';

it('a host that was never registered was let in, and waited at its first step for ever', async () => {
  const unread = await surroundings().leaving(false);
  surroundOperations({ leaving: async () => ({ ...unread, address: 'gonka1me', registered: false }) });
  for (const scope of ['host', 'ml-nodes'] as const) await expect(exitPlan({} as Deployment, { scope })).rejects.toMatchObject({ code: 'exit_not_registered', params: { address: 'gonka1me' } });
});
