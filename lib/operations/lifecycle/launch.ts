import { PanelError } from '#lib/core/errors.ts';
import { engineState } from '#lib/docker/client.ts';
import { composeVersion } from '#lib/docker/compose.ts';
import { bindsThere, deploymentSound, pullMissing, rememberKey, tmkmsAllowed } from './compose-steps.ts';
import type { Procedure, Step } from '#lib/operations/step.ts';
import { awaitRunning } from './settle.ts';
import { signsOfLife } from './signs-of-life.ts';
import { inWords } from '#lib/operations/situation.ts';

const engine: Step = {
  name: 'engine',
  async run(run) {
    const state = await engineState();
    if (state.state !== 'ok') throw new PanelError(`engine_${state.state}`, { socket: state.socket, detail: state.detail }, { status: 503 });
    const compose = await composeVersion(run.deployment.project.dir);
    if (!compose) throw new PanelError('compose_absent', {}, { status: 503 });
    return { evidence: { code: 'engine', params: { engine: state.version, compose } } };
  },
};

const up: Step = {
  name: 'up',
  async run(run) {
    const now = await run.look(true);
    if (now.affected.every((a) => a.change === 'none')) return { skipped: true, evidence: { code: 'running_already', params: { containers: inWords(now.affected) } } };
    return { exitCode: await run.compose(now.composeArgs ?? []) };
  },
};

const running: Step = { name: 'verify-running', run: async (run) => awaitRunning(run, (await run.look()).affected.map((a) => a.service.name)) };

const life: Step = { name: 'signs-of-life', run: async (run) => ({ evidence: await signsOfLife(run) }) };

/** `up`, with everything checked that compose doesn't check itself. */
export const LAUNCH_STEPS: Step[] = [engine, deploymentSound, pullMissing, bindsThere, tmkmsAllowed, up, running, rememberKey];

/** `docker compose … up -d --no-deps -- tmkms node` (quickstart; S11) and `up -d` of everything (S15). */
export const LAUNCH: Record<'launch-chain' | 'launch-all', Procedure> = {
  'launch-chain': { steps: [...LAUNCH_STEPS, life] },
  'launch-all': { steps: [...LAUNCH_STEPS, life] },
};
