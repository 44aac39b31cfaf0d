import { clock } from '#lib/core/clock.ts';
import { PanelError } from '#lib/core/errors.ts';
import { composeCommand } from '#lib/docker/compose.ts';
import { checkBinds } from './bind-sources.ts';
import { refuseUnreadableNodes } from './node-config-readable.ts';
import { weigh } from '#lib/operations/preview.ts';
import { pace } from '#lib/operations/pace.ts';
import type { RunContext, Step, StepResult } from '#lib/operations/step.ts';
import { type Gate, unshown } from '#lib/operations/schema.ts';
import { ASKED_AGAIN, rememberNewKey, rememberPlace, tmkmsGate } from '#lib/operations/interlock/tmkms-key-check.ts';

const PREPARED = { skipped: true, evidence: { code: 'container_kept', params: {} } } satisfies StepResult;

/** Nothing is created from files that are known to be broken for it. */
export const deploymentSound: Step = {
  name: 'deployment',
  async run(run): Promise<StepResult> {
    const now = await run.look();
    if (now.affected.some(({ service }) => service.role === 'api')) await refuseUnreadableNodes(now.deployment);
    if (now.composeArgs?.[0] !== 'up') return PREPARED;
    const { problems, dir, release } = now.deployment;
    const names = now.affected.map((a) => a.service.name);
    const concerns = (services: string | number | undefined) => services === undefined || String(services).split(', ').some((name) => names.includes(name));
    // A problem of a service that isn't created now (ML variables, certificates) can wait; mounts have a step of their own.
    const broken = problems.filter((p) => p.level === 'broken' && concerns(p.params.services ?? p.params.service) && !/^(mount|node_config)_/.test(p.code));
    if (broken.length) {
      const said = broken.map((p) => [p.code, ...Object.values(p.params)].join(' ')).join(' · ');
      throw new PanelError('operation_deployment_broken', { count: broken.length, problems: said.slice(0, 400), dir }, { status: 409 });
    }
    return { evidence: { code: 'deployment', params: { dir, services: names.join(', '), release: release ?? '-' } } };
  },
};

/** What Docker would make directories of. */
export const bindsThere: Step = {
  name: 'binds',
  async run(run): Promise<StepResult> {
    const now = await run.look();
    if (now.composeArgs?.[0] !== 'up') return PREPARED;
    return { evidence: await checkBinds(now.deployment, new Map(now.affected.map((a) => [a.service.name, a.image ?? a.service.image]))) };
  },
};

/** What speaks against it now and the typed reason wasn't given for; for an error's `why`. */
const unanswered = (run: RunContext, gate: Gate): string => unshown(gate, run.reason ? run.answered : []).map((one) => one.why).join(', ');

/** Images that are missing are pulled as a step of its own, so that a slow line is seen as what it is. */
export const pullMissing: Step = {
  name: 'images',
  async run(run): Promise<StepResult> {
    const now = await run.look();
    if (!now.pullArgs) return { skipped: true, evidence: { code: 'images_present', params: {} } };
    const images = now.affected.filter((a) => !a.image).map((a) => a.service.image);
    const command = composeCommand(now.deployment.project, now.pullArgs).map((part) => (/[\s"'\\]/.test(part) ? JSON.stringify(part) : part)).join(' ');
    // Said before it runs: a pull that fails leaves its error as the step's detail.
    run.output.say({ code: 'runs', params: { command } });
    const exitCode = await run.compose(now.pullArgs);
    const still = (await run.look()).affected.find((a) => !a.image);
    if (still) throw new PanelError('operation_image_missing', { image: still.service.image, service: still.service.name }, { status: 502 });
    // A pull can take an hour; what was a good moment at its start may be the middle of a PoC now.
    const { gate } = await weigh(run.kind, await run.look(true));
    const why = unanswered(run, gate);
    if (why) throw new PanelError('operation_moment_passed', { why }, { status: 409 });
    return { exitCode, evidence: { code: 'pulled_with', params: { images: images.join(', '), command } } };
  },
};

/** The interlock once more, now that the image is there and right before the start. */
export const tmkmsAllowed: Step = {
  name: 'tmkms-key',
  async run(run) {
    const now = await run.look(true);
    let { gate, evidence } = await tmkmsGate(now);
    // A seed gives a few answers a minute: what is only not known yet is asked again for a while.
    let waited = false;
    for (const until = clock.now() + pace.signaturesMs; ASKED_AGAIN.includes(unanswered(run, gate)) && clock.now() < until; waited = true) {
      if (!waited) run.output.say({ code: 'waits_for_signatures', params: { seconds: Math.ceil(pace.signaturesMs / 1000) } });
      await run.wait(Math.min(5_000, pace.signaturesMs));
      ({ gate, evidence } = await tmkmsGate(await run.look(true)));
    }
    if (gate.answer === 'refused') throw new PanelError(`gate_${gate.why}`, gate.params, { status: 409 });
    // A reason that was typed for the phase is none for the key.
    const why = unanswered(run, gate);
    if (why) throw new PanelError('operation_reason_needed', { why }, { status: 409 });
    // What was a good moment before the wait may be the edge of a PoC now.
    const late = waited ? unanswered(run, (await weigh(run.kind, await run.look(true))).moment) : '';
    if (late) throw new PanelError('operation_moment_passed', { why: late }, { status: 409 });
    await rememberPlace(now);
    return evidence ? { evidence } : { skipped: true, evidence: { code: 'no_tmkms', params: {} } };
  },
};

/** A consensus key that was made just now is remembered as this place's own. */
export const rememberKey: Step = {
  name: 'remember-key',
  async run(run) {
    const words = await rememberNewKey(await run.look());
    return words ? { evidence: words } : { skipped: true };
  },
};
