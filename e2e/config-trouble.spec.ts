import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { configHost, control, review, saveButton, saveOnly, shot } from './config-page.ts';
import { fillDisk } from './fill-disk.ts';
import { runOperation } from './operate.ts';
import { expectAccessible } from './page-watch.ts';
import { SERVER } from './panel-process.ts';
import { words } from './words.ts';

const t = words('en');
let file: string;
const onDisk = () => readFileSync(file, 'utf8');
const left = () => readdirSync(host.world.dir).filter((name) => name.startsWith('.config.env'));
/** Root that may not give files away, as in a container with fewer capabilities. */
const host = configHost({ port: 4104, command: ['setpriv', '--inh-caps=-chown', '--bounding-set=-chown', ...SERVER], prepare: ({ dir }) => (file = path.join(dir, 'config.env')) });

/** The form with a change in it, and its review, ready to be saved. */
async function typed(page: Page, value: string): Promise<Locator> {
  await page.goto(`${host.panel.url}/config`);
  await control(page, 'PUBLIC_URL').fill(value);
  const dialog = await review(page);
  await expect(saveButton(dialog)).toBeEnabled();
  return dialog;
}

/** The save fails in these words; the file and what stands around it are as before, and so is what was typed. */
async function saveFails(page: Page, { dialog, said, value }: { dialog: Locator; said: string; value: string }): Promise<void> {
  const before = [onDisk(), statSync(file).mode, statSync(file).uid];
  await saveButton(dialog).click();
  await expect(dialog.getByText(said).first()).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText(t('operations.evidence.found_none'))).toBeVisible();
  await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
  await expect(control(page, 'PUBLIC_URL')).toHaveValue(value);
  expect([onDisk(), statSync(file).mode, statSync(file).uid]).toEqual(before);
  expect(left()).toEqual([]);
}

/** The deployment directory on a filesystem of its own with little room, until `work` is over. */
async function onSmallDisk(work: () => Promise<void>): Promise<void> {
  const { dir, scratch } = host.world;
  const copy = path.join(scratch, 'copy');
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' });
  run('cp', '-a', dir, copy);
  const used = Number(/^\d+/.exec(run('du', '-sk', copy))?.[0]);
  run('mount', '-t', 'tmpfs', '-o', `size=${used * 2 + 1024}k,mode=755`, 'tmpfs', dir);
  try {
    run('cp', '-a', `${copy}/.`, dir);
    await work();
  } finally {
    run('umount', '-l', dir);
    rmSync(copy, { recursive: true });
  }
}

test('a full disk: said in words, nothing is lost, and it is saved when there is room', async ({ page }) => {
  await onSmallDisk(async () => {
    const value = 'http://full.gonka-host.net:8000';
    const dialog = await typed(page, value);
    const filler = path.join(host.world.dir, 'filler');
    fillDisk(filler);
    await saveFails(page, { dialog, said: t('errors.config_disk_full.what', { file: 'config.env' }), value });
    await shot(page, 'disk-full');
    rmSync(filler);
    await saveOnly(page, await review(page));
    expect(onDisk()).toContain(value);
  });
});

test('a filesystem that became read-only: said in words, nothing is lost', async ({ page }) => {
  await onSmallDisk(async () => {
    const value = 'http://remounted.gonka-host.net:8000';
    const dialog = await typed(page, value);
    execFileSync('mount', ['-o', 'remount,ro', host.world.dir]);
    await saveFails(page, { dialog, said: t('errors.config_read_only.what', { file: 'config.env', reason: 'EROFS' }), value });
    await expect(page.getByText(t('errors.config_read_only.what', { file: 'config.env', reason: 'EROFS' })).first()).toBeVisible({ timeout: 30_000 });
  });
});

test('a file of another user that could not be kept his: said in words, nothing is lost', async ({ page }) => {
  const value = 'http://owner.gonka-host.net:8000';
  const dialog = await typed(page, value);
  chownSync(file, 1234, 1234);
  try {
    await saveFails(page, { dialog, said: t('errors.config_owner.what', { file: 'config.env', uid: 1234, gid: 1234 }), value });
    await shot(page, 'owner');
  } finally {
    chownSync(file, 0, 0);
  }
});

test('a file that became read-only, and a directory in its place: said in words, nothing is lost', async ({ page }) => {
  const before = onDisk();
  await page.goto(`${host.panel.url}/config`);
  await control(page, 'PUBLIC_URL').fill('http://never.gonka-host.net:8000');
  const dialog = await review(page);
  await expect(saveButton(dialog)).toBeEnabled();
  chmodSync(file, 0o444);
  const words = t('errors.config_read_only.what', { file: 'config.env', reason: '0444' });
  try {
    await saveButton(dialog).click();
    await expect(dialog.getByText(words).first()).toBeVisible({ timeout: 30_000 });
    await expect(dialog.getByText(t('operations.evidence.found_none'))).toBeVisible();
    await shot(page, 'read-only');
    await dialog.getByRole('button', { name: t('shell.close'), exact: true }).last().click();
    await expect(control(page, 'PUBLIC_URL')).toHaveValue('http://never.gonka-host.net:8000');
    expect([onDisk(), statSync(file).mode & 0o7777]).toEqual([before, 0o444]);
  } finally {
    chmodSync(file, 0o600);
  }
  const away = path.join(host.world.scratch, 'config.env.away');
  renameSync(file, away);
  mkdirSync(file);
  try {
    await page.goto('about:blank');
    await page.goto(`${host.panel.url}/config`);
    await expect(page.getByText(t('errors.config_not_a_file.what', { file: 'config.env' })).first()).toBeVisible();
    await shot(page, 'directory');
    await expectAccessible(page);
    // What nobody can read is no difference to be applied.
    await page.goto(`${host.panel.url}/config/effective`);
    await expect(page.getByText(t('errors.effective_no_config.what', { file: 'config.env' }))).toBeVisible();
    await expect(page.getByRole('button', { name: /^Recreate / })).toHaveCount(0);
    expect(readdirSync(file)).toEqual([]);
  } finally {
    rmdirSync(file);
    renameSync(away, file);
  }
  expect(onDisk()).toBe(before);
  expect(readdirSync(host.world.dir).filter((name) => name.startsWith('.config.env'))).toEqual([]);
});

test('the panel is killed between review and save: said in words, and the same save works when it is back', async ({ page }) => {
  const before = onDisk();
  const value = 'http://killed.gonka-host.net:8000';
  const dialog = await typed(page, value);
  await host.panel.stop('SIGKILL');
  await saveButton(dialog).click();
  await expect(dialog.getByText(t('errors.panel_unreachable.what'))).toBeVisible();
  expect(onDisk()).toBe(before);
  await host.startAgain();
  await saveOnly(page, dialog);
  expect(onDisk()).toContain(value);
});

test('applying would touch a service more than was shown: nothing is written, and the new plan is shown', async ({ page }) => {
  test.setTimeout(240_000);
  await runOperation(host.panel, host.cookie, { kind: 'launch-chain' });
  const ids = () => execFileSync('docker', ['inspect', '--format', '{{.Id}}', 'tmkms', 'node'], { encoding: 'utf8' });
  const [before, running] = [onDisk(), ids()];
  await page.goto(`${host.panel.url}/config`);
  const value = 'tcp://plan.gonka-host.net:5000';
  await control(page, 'P2P_EXTERNAL_ADDRESS').fill(value);
  const dialog = await review(page);
  await expect(dialog.getByText('node is replaced by a new container.')).toBeVisible();
  await expect(dialog.getByText(/is replaced by a new container\./)).toHaveCount(1);
  const compose = path.join(host.world.dir, 'docker-compose.yml');
  const text = readFileSync(compose, 'utf8');
  writeFileSync(compose, text.replace(/^( {2}tmkms:\n)/m, '$1    labels: [changed-meanwhile]\n'));
  try {
    const reason = dialog.getByLabel(t('operationView.reason'), { exact: true });
    if (await reason.isVisible()) await reason.fill('a test applies it now');
    await dialog.getByRole('button', { name: t('config.review.saveAndRecreate', { services: 'node' }) }).click();
    await expect(dialog.getByText(t('errors.config_plan_changed.what', { services: 'tmkms' }))).toBeVisible({ timeout: 30_000 });
    await expect(dialog.getByText('tmkms is replaced by a new container.')).toBeVisible({ timeout: 30_000 });
    await shot(page, 'plan-changed');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: t('shell.cancel'), exact: true }).click();
    await expect(control(page, 'P2P_EXTERNAL_ADDRESS')).toHaveValue(value);
    expect([onDisk(), ids()]).toEqual([before, running]);
  } finally {
    writeFileSync(compose, text);
  }
});
