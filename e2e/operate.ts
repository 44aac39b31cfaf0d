import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, expect } from '@playwright/test';
import { ADMIN, type Panel, post } from './panel-process.ts';
import { words } from './words.ts';

export type Started = { kind: string; target?: string; reason?: string };

type Begun = { id?: string; error?: { code: string } };

/** Looks at what speaks against it, then starts it, as the dialog does; once more when the moment has changed in between. */
async function begin(panel: Panel, cookie: string, operation: Started): Promise<Begun> {
  let begun: Begun = {};
  for (let tries = 0; tries < 3; tries++) {
    const { kind, target, reason } = operation;
    const preview = (await (await post(panel, '/api/operations/preview', { kind, target }, { cookie })).json()) as { gate?: { reasons?: { why: string }[] } };
    const shown = reason ? preview.gate?.reasons?.map((one) => one.why) : undefined;
    begun = (await (await post(panel, '/api/operations', { ...operation, shown }, { cookie })).json()) as Begun;
    if (!reason || begun.error?.code !== 'operation_reason_needed') break;
  }
  return begun;
}

/** Starts an operation as the pages do and waits until it is over. Fails unless it ends in `state`. */
export async function runOperation(panel: Panel, cookie: string, operation: Started, state = 'succeeded'): Promise<string> {
  const { id, error } = await begin(panel, cookie, operation);
  if (!id) throw new Error(`${operation.kind} ${operation.target ?? ''} was not started: ${JSON.stringify(error)}`);
  for (const started = Date.now(); Date.now() - started < 120_000; await sleep(250)) {
    const answer = await fetch(`${panel.url}/api/operations/${id}`, { headers: { cookie } });
    const found = (await answer.json()) as { operation?: { state: string }; state?: string };
    const now = found.operation?.state ?? found.state;
    if (now === 'queued' || now === 'running') continue;
    if (now !== state) throw new Error(`${operation.kind} ${operation.target ?? ''} ended ${now}: ${JSON.stringify(found).slice(0, 2000)}`);
    return id;
  }
  throw new Error(`${operation.kind} ${operation.target ?? ''} did not end`);
}

/** Chooses the deployment directory by typing its path, in a browser. */
export async function openDeployment({ browser, panel, dir }: { browser: Browser; panel: Panel; dir: string }): Promise<void> {
  const t = words('en');
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(`${panel.url}/login`);
  await page.getByLabel(t('login.username')).fill(ADMIN.username);
  await page.getByLabel(t('login.password')).fill(ADMIN.password);
  await page.getByRole('button', { name: t('login.signIn') }).click();
  await page.waitForURL(`${panel.url}/deployment`);
  await page.getByLabel(t('deployment.path')).fill(dir);
  await page.getByRole('button', { name: t('deployment.use'), exact: true }).last().click();
  await expect(page.getByText(dir, { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: t('deployment.toStartChain') })).toBeVisible();
  await context.close();
}
