import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureImages } from '../../e2e/network/image.ts';
import type { Deployment, DeploymentService } from './schema.ts';
import { nodeHasRun, tmkmsFolder } from './tmkms-key.ts';

const IMAGE = 'ghcr.io/product-science/tmkms-softsign-with-keygen:0.2.8';
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tmkms-key-')));
beforeAll(() => ensureImages(process.env, [IMAGE]).then(() => undefined));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const service = (source: string, image = IMAGE): DeploymentService => ({ name: 'tmkms', image, group: 'network', profiles: [], active: true, dependsOn: [], variables: [], required: [], role: 'tmkms', mounts: [{ source, target: '/root/.tmkms', readOnly: false }] });

it('the public key by the image itself, changing nothing in the folder', async () => {
  const secret = randomBytes(32);
  const folder = path.join(root, 'key');
  const file = path.join(folder, 'secrets/priv_validator_key.softsign');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, secret.toString('base64'), { mode: 0o600 });
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret]);
  const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  expect(await tmkmsFolder(service(folder))).toEqual({ state: 'key', publicKey });
  expect(readFileSync(file, 'utf8')).toBe(secret.toString('base64'));
});

it('empty only where that is sure; everything else is unknown', async () => {
  const empty = path.join(root, 'empty');
  mkdirSync(empty);
  expect(await tmkmsFolder(service(empty))).toEqual({ state: 'empty' });
  expect(await tmkmsFolder(service(path.join(root, 'not-there')))).toEqual({ state: 'empty' });
  expect(await tmkmsFolder(service('/not/mounted/here/.tmkms'))).toMatchObject({ state: 'unknown' });
  symlinkSync('/nowhere/at/all', path.join(root, 'dangling'));
  expect(await tmkmsFolder(service(path.join(root, 'dangling')))).toMatchObject({ state: 'unknown' });
  mkdirSync(path.join(root, 'bad/secrets'), { recursive: true });
  writeFileSync(path.join(root, 'bad/secrets/priv_validator_key.softsign'), '');
  expect(await tmkmsFolder(service(path.join(root, 'bad')))).toMatchObject({ state: 'unknown' });
  expect(await tmkmsFolder(service(path.join(root, 'bad'), 'nobody/has-this:1'))).toEqual({ state: 'unknown', why: 'image_absent' });
  expect(await tmkmsFolder({ ...service(root), mounts: [] })).toMatchObject({ state: 'unknown' });
});

it('whether the chain node has run', async () => {
  const folder = path.join(root, '.inference');
  const of = { services: [{ ...service(folder), role: 'node', mounts: [{ source: folder, target: '/root/.inference', readOnly: false }] }] } as unknown as Deployment;
  expect(await nodeHasRun(of)).toBe(false);
  mkdirSync(path.join(folder, 'data'), { recursive: true });
  expect(await nodeHasRun(of)).toBe(false);
  mkdirSync(path.join(folder, 'data/application.db'));
  expect(await nodeHasRun(of)).toBe(true);
  expect(await nodeHasRun({ services: [] } as unknown as Deployment)).toBe('unknown');
});
