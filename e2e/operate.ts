import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, expect } from '@playwright/test';
import { ONCE, type Panel, post } from './panel-process.ts';
import { signIn } from './sign-in.ts';
import { words } from './words.ts';

export type Started = { kind: string; target?: string; params?: unknown; reason?: string };

type Begun = { id?: string; error?: { code: string } };

/** Looks at what speaks against it, then starts it, as the dialog does; once more when the moment has changed in between. */
export async function begin(panel: Panel, cookie: string, operation: Started): Promise<Begun> {
  let begun: Begun = {};
  for (let tries = 0; tries < 3; tries++) {
    const { kind, target, params, reason } = operation;
    const preview = (await (await post(panel, '/api/operations/preview', { kind, target, params }, { cookie })).json()) as { gate?: { reasons?: { why: string }[] } };
    const shown = reason ? preview.gate?.reasons?.map((one) => one.why) : undefined;
    begun = (await (await post(panel, '/api/operations', { ...operation, shown }, { cookie })).json()) as Begun;
    if (!reason || begun.error?.code !== 'operation_reason_needed') break;
  }
  return begun;
}

/** Starts an operation as the pages do and waits until it is over. Fails unless it ends in `state`. */
export async function runOperation(panel: Panel, cookie: string, operation: Started, state = 'succeeded', timeout = 120_000): Promise<string> {
  const { id, error } = await begin(panel, cookie, operation);
  if (!id) throw new Error(`${operation.kind} ${operation.target ?? ''} was not started: ${JSON.stringify(error)}`);
  return over(panel, cookie, id, { name: `${operation.kind} ${operation.target ?? ''}`, state, timeout });
}

/** Waits until the operation is over. Fails unless it ends in `state`. */
async function over(panel: Panel, cookie: string, id: string, { name, state, timeout = 120_000 }: { name: string; state: string; timeout?: number }): Promise<string> {
  for (const started = Date.now(); Date.now() - started < timeout; await sleep(250)) {
    const answer = await fetch(`${panel.url}/api/operations/${id}`, { headers: { ...ONCE, cookie } });
    const found = (await answer.json()) as { operation?: { state: string }; state?: string };
    const now = found.operation?.state ?? found.state;
    if (now === 'queued' || now === 'running') continue;
    if (now !== state) throw new Error(`${name} ended ${now}: ${JSON.stringify(found).slice(0, 2000)}`);
    return id;
  }
  throw new Error(`${name} did not end`);
}

/** A question about config.env as it is now: what check, plan and save are sent. */
export async function configQuestion(panel: Panel, cookie: string, values: Record<string, string | null>) {
  const now = (await (await fetch(`${panel.url}/api/config`, { headers: { ...ONCE, cookie } })).json()) as { version: string };
  return { file: 'env', change: { by: 'values', version: now.version, values } };
}

/** Saves values into config.env as the dialog does, with `apply` into the containers too, and waits until that is over. */
export async function saveConfig(panel: Panel, cookie: string, { values, apply = false }: { values: Record<string, string | null>; apply?: boolean }): Promise<string> {
  let begun: Begun = {};
  for (let tries = 0; tries < 3; tries++) {
    const question = await configQuestion(panel, cookie, values);
    const plan = (await (await post(panel, '/api/config/plan', question, { cookie })).json()) as { services?: { service: string; change: string }[]; gate?: { reasons?: { why: string }[] } };
    const announced = plan.services?.filter((one) => one.change !== 'none').map((one) => one.service) ?? [];
    const reasons = apply ? plan.gate?.reasons : undefined;
    begun = (await (await post(panel, '/api/config/save', { ...question, apply, announced, ...(reasons ? { reason: 'a test applies it now', shown: reasons.map((one) => one.why) } : {}) }, { cookie })).json()) as Begun;
    if (begun.error?.code !== 'operation_reason_needed') break;
  }
  if (!begun.id) throw new Error(`config.env was not saved: ${JSON.stringify(begun.error)}`);
  return over(panel, cookie, begun.id, { name: apply ? 'apply-config' : 'save-config', state: 'succeeded' });
}

/** Chooses the deployment directory by typing its path, in a browser. */
export async function openDeployment({ browser, panel, dir }: { browser: Browser; panel: Panel; dir: string }): Promise<void> {
  const t = words('en');
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await signIn(page, panel);
  await page.waitForURL(`${panel.url}/deployment`);
  await page.getByLabel(t('deployment.path')).fill(dir);
  await page.getByRole('button', { name: t('deployment.use'), exact: true }).last().click();
  await expect(page.getByText(dir, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: t('deployment.toStartChain') })).toBeVisible();
  await context.close();
}
