import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mountProblems } from './checks.ts';
import { hostPlaces, namesIn } from './host-places.ts';
import type { Deployment, DeploymentService } from './schema.ts';
import { nodeHasRun, tmkmsFolder } from './tmkms-key.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'host-places-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const join = path.join(root, 'deploy/join');
/** As in the panel's image: there, empty, and not the host's. */
const srv = path.join(root, 'srv');
const data = path.join(root, 'data');
for (const dir of [join, srv, data]) mkdirSync(dir, { recursive: true });

/** What a container of the panel's own has (recorded): its root, a tmpfs, the data volume, the deployment directory. */
const MOUNTINFO = `93 51 0:41 / / ro,relatime - overlay overlay rw,lowerdir=/l
94 93 0:44 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
110 93 0:50 / ${root} rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755
111 93 254:0 /var/lib/docker/volumes/panel_data/_data ${data} rw,relatime master:1 - ext4 /dev/vda rw
135 110 254:0 /@root${join} ${join} rw,relatime - btrfs /dev/vda rw
`;
const inContainer = (mountinfo: string) => hostPlaces({ inContainer: true, mountinfo, besideEngine: false });
const inside = inContainer(MOUNTINFO);
const outside = hostPlaces({ inContainer: false });

const tmkms = (source: string) => ({ image: 'nobody/has-this:1', mounts: [{ source, target: '/root/.tmkms' }] });
const node = (source: string) => ({ services: [{ role: 'node', mounts: [{ source, target: '/root/.inference' }] }] }) as unknown as Deployment;

describe('what a panel in a container of its own sees of the host', () => {
  it('is what is mounted at the same path, nothing else', async () => {
    expect(await inside(join)).toBe(true);
    for (const place of [srv, data, root, path.dirname(join), '/', '/proc', path.join(join, 'not-there')]) expect(await inside(place), place).toBe(false);
    for (const place of [srv, data, root, '/']) expect(await outside(place)).toBe(true);
    expect(await hostPlaces({ inContainer: true, mountinfo: MOUNTINFO, besideEngine: true })(srv)).toBe(true);
  });

  it('a whole file system of the host counts, a link out of a mount and an unreadable mount table do not', async () => {
    const whole = inContainer(MOUNTINFO.replace(`/@root${join} ${join}`, `/ ${join}`));
    expect(await whole(join)).toBe(true);
    symlinkSync(srv, path.join(join, 'out'));
    expect(await inside(path.join(join, 'out'))).toBe(false);
    expect(await inContainer('')(join)).toBe(false);
    const linked = (folder: string, deployDir?: string) => hostPlaces({ inContainer: true, besideEngine: false, deployDir, mountinfo: MOUNTINFO.replace(`/@root${join} ${join}`, `/srv/gonka-v2 ${join}`) })(folder);
    expect(await linked(join)).toBe(false);
    expect(await linked(join, join)).toBe(true);
    const spaced = path.join(root, 'two words');
    mkdirSync(spaced);
    expect(await inContainer(`1 2 3:4 /two\\040words ${spaced.replaceAll(' ', '\\040')} rw - ext4 /dev/vda rw\n`)(spaced)).toBe(true);
  });

  it('names in a folder are told apart from what is not there and what cannot be seen', async () => {
    symlinkSync('/nowhere/at/all', path.join(join, 'dangling'));
    expect(await namesIn(join, inside)).toContain('dangling');
    expect(await namesIn(path.join(join, 'absent'), inside)).toBe('absent');
    expect(await namesIn(path.join(join, 'dangling'), inside)).toBe('unseen');
    expect(await namesIn(path.join(srv, 'absent'), inside)).toBe('unseen');
    expect(await namesIn(srv, inside)).toBe('unseen');
    expect(await namesIn(path.join(srv, 'absent'), outside)).toBe('absent');
  });
});

describe('a place in the panel\'s own image counted as the host\'s', () => {
  it('.tmkms there is unknown, not empty', async () => {
    expect(await tmkmsFolder(tmkms(path.join(srv, '.tmkms')), inside)).toEqual({ state: 'unknown', why: 'unreadable' });
    expect(await tmkmsFolder(tmkms(srv), inside)).toEqual({ state: 'unknown', why: 'unreadable' });
    expect(await tmkmsFolder(tmkms(path.join(data, '.tmkms')), inside)).toEqual({ state: 'unknown', why: 'unreadable' });
    expect(await tmkmsFolder(tmkms(path.join(join, '.tmkms')), inside)).toEqual({ state: 'empty' });
    expect(await tmkmsFolder(tmkms(path.join(srv, '.tmkms')), outside)).toEqual({ state: 'empty' });
  });

  it('a link among the folders of .tmkms that leads nowhere here is unknown, not empty', async () => {
    mkdirSync(path.join(join, '.linked'));
    symlinkSync('/nowhere/secrets', path.join(join, '.linked/secrets'));
    for (const visible of [inside, outside]) expect(await tmkmsFolder(tmkms(path.join(join, '.linked')), visible)).toEqual({ state: 'unknown', why: 'unreadable' });
  });

  it('.inference there is unknown, not "has never run"', async () => {
    expect(await nodeHasRun(node(path.join(srv, '.inference')), inside)).toBe('unknown');
    expect(await nodeHasRun(node(srv), inside)).toBe('unknown');
    expect(await nodeHasRun(node(path.join(join, '.inference')), inside)).toBe(false);
    expect(await nodeHasRun(node(path.join(srv, '.inference')), outside)).toBe(false);
  });

  it('.inference that is not there with its disk, or whose data lies elsewhere, is unknown', async () => {
    for (const visible of [inside, outside]) {
      expect(await nodeHasRun(node('/not/mounted/here/.inference'), visible)).toBe('unknown');
      const folder = mkdtempSync(path.join(join, 'inference-'));
      symlinkSync('/nowhere/data', path.join(folder, 'data'));
      expect(await nodeHasRun(node(folder), visible)).toBe('unknown');
      writeFileSync(path.join(folder, '.node_initialized'), '');
      expect(await nodeHasRun(node(folder), visible)).toBe(true);
    }
  });

  it('a mounted file there is not judged', async () => {
    const service = (source: string) => [{ name: 'node', active: true, mounts: [{ source, target: '/root/genesis.json', readOnly: true }] }] as unknown as DeploymentService[];
    expect(await mountProblems(join, service(path.join(srv, 'genesis.json')), inside)).toEqual([]);
    expect(await mountProblems(join, service(path.join(srv, 'genesis.json')), outside)).toMatchObject([{ code: 'mount_missing' }]);
    expect(await mountProblems(join, service(path.join(join, 'genesis.json')), inside)).toMatchObject([{ code: 'mount_missing', params: { path: 'genesis.json' } }]);
  });
});
