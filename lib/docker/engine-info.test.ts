import { expect, it } from 'vitest';
import { readInfo } from './engine-info.ts';

const info = (more: Record<string, unknown>) => readInfo({ NCPU: 4, MemTotal: 8e9, Architecture: 'x86_64', DockerRootDir: '/data/docker', ...more }).imagesDir;

it('the disk of the data root was measured while images filled another: engines from 29 on leave them to containerd', () => {
  const snapshotter = [['driver-type', 'io.containerd.snapshotter.v1']];
  expect(info({ Driver: 'overlayfs', DriverStatus: snapshotter, Containerd: { Address: '/run/containerd/containerd.sock' } })).toBe('/var/lib/containerd');
  expect(info({ Driver: 'overlayfs', DriverStatus: snapshotter })).toBe('/var/lib/containerd');
  // A containerd that dockerd starts has its folder below the data root.
  expect(info({ DriverStatus: snapshotter, Containerd: { Address: '/var/run/docker/containerd/containerd.sock' } })).toBe('/data/docker');
  expect(info({ Driver: 'overlay2', DriverStatus: [['Backing Filesystem', 'extfs'], ['Supports d_type', 'true']] })).toBe('/data/docker');
  expect(info({})).toBe('/data/docker');
});
