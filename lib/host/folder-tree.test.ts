import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, isRestOf, listTree, openListed, removeListed, restOf } from './folder-tree.ts';

let base: string;
let dir: string;
const at = (...parts: string[]) => path.join(dir, ...parts);
const noTurn = async () => {};
const names = (root: string) => (readdirSync(root, { recursive: true }) as string[]).sort();

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'gp-tree-'));
  dir = path.join(base, 'folder');
  mkdirSync(at('data/deep'), { recursive: true });
  mkdirSync(path.join(base, 'elsewhere'));
  writeFileSync(path.join(base, 'elsewhere/precious'), 'stays');
  writeFileSync(at('data/deep/a'), 'aaaa');
  writeFileSync(at('key'), 'kk');
});
afterEach(() => rmSync(base, { recursive: true }));

describe('listing', () => {
  it('names everything, a directory after what is in it', async () => {
    const { entries } = await listTree(dir);
    expect(entries.map((one) => [one.path, one.type, one.bytes])).toEqual([['data/deep/a', 'file', 4], ['data/deep', 'dir', 0], ['data', 'dir', 0], ['key', 'file', 2]]);
  });

  it('does not follow a link, neither to a file nor to a folder', async () => {
    symlinkSync(path.join(base, 'elsewhere'), at('link'));
    expect((await listTree(dir)).entries.filter((one) => one.path.startsWith('link'))).toMatchObject([{ path: 'link', type: 'link' }]);
  });

  it('refuses a folder that is a link, or lies behind one', async () => {
    symlinkSync(dir, path.join(base, 'alias'));
    await expect(listTree(path.join(base, 'alias'))).rejects.toMatchObject({ code: 'folder_link' });
    await expect(listTree(path.join(base, 'alias/data'))).rejects.toMatchObject({ code: 'folder_link' });
    await expect(listTree(at('key'))).rejects.toMatchObject({ code: 'folder_link' });
    expect((await listTree(at('absent'))).entries).toEqual([]);
  });

  it('a folder that is mounted below from the same file system was listed as part of it', async () => {
    execFileSync('mount', ['--bind', path.join(base, 'elsewhere'), at('data/deep')]);
    try {
      await expect(listTree(dir)).rejects.toMatchObject({ code: 'folder_mount', params: { dir, path: 'data/deep' } });
    } finally {
      execFileSync('umount', [at('data/deep')]);
    }
    expect((await listTree(dir)).entries.length).toBe(4);
  });

  it('a directory that is only looked into was passed by without a word when it was a link', async () => {
    renameSync(at('data'), path.join(base, 'moved'));
    symlinkSync(path.join(base, 'moved'), at('data'));
    await expect(listTree(dir, (name) => (name === 'data' ? 'through' : 'leave'))).rejects.toMatchObject({ code: 'folder_link', params: { dir: at('data') } });
  });

  it('the digest changes with whatever happens to an entry, and with nothing else', async () => {
    const before = digestOf([await listTree(dir)]);
    expect(digestOf([await listTree(dir)])).toBe(before);
    readFileSync(at('key'));
    expect(digestOf([await listTree(dir)])).toBe(before);
    // Same size, another content.
    writeFileSync(at('key'), 'KK');
    const after = digestOf([await listTree(dir)]);
    expect(after).not.toBe(before);
    writeFileSync(at('data/new'), '');
    expect(digestOf([await listTree(dir)])).not.toBe(after);
  });
});

describe('deleting', () => {
  it('deletes what was listed and leaves the folder', async () => {
    const tree = await listTree(dir);
    expect(await removeListed(tree, noTurn)).toMatchObject({ removed: 4, bytes: 6, left: [] });
    expect(names(dir)).toEqual([]);
    expect(await removeListed(tree, noTurn)).toMatchObject({ removed: 0, left: [] });
  });

  it('deletes a link and not what it leads to', async () => {
    symlinkSync(path.join(base, 'elsewhere'), at('link'));
    await removeListed(await listTree(dir), noTurn);
    expect(names(base)).toEqual(['elsewhere', 'elsewhere/precious', 'folder']);
  });

  it('what came after the listing stays, at every depth, and so does the way to it', async () => {
    const tree = await listTree(dir);
    writeFileSync(at('new'), '');
    writeFileSync(at('data/deep/new'), '');
    expect((await removeListed(tree, noTurn)).left).toEqual([{ path: 'data/deep/new', why: 'new' }]);
    expect(names(dir)).toEqual(['data', 'data/deep', 'data/deep/new', 'new']);
  });

  it('a folder that was swapped for a link to another one was emptied', async () => {
    const tree = await listTree(dir);
    renameSync(at('data'), path.join(base, 'moved'));
    symlinkSync(path.join(base, 'elsewhere'), at('data'));
    mkdirSync(path.join(base, 'elsewhere/deep'));
    writeFileSync(path.join(base, 'elsewhere/deep/a'), 'aaaa');
    expect((await removeListed(tree, noTurn)).left).toEqual([{ path: 'data', why: 'changed' }]);
    expect(names(path.join(base, 'elsewhere'))).toEqual(['deep', 'deep/a', 'precious']);
    expect(names(path.join(base, 'moved'))).toEqual(['deep', 'deep/a']);
  });

  it('a file that was written anew under its name stays', async () => {
    const tree = await listTree(dir);
    rmSync(at('key'));
    writeFileSync(at('key'), 'a new key');
    expect((await removeListed(tree, noTurn)).left).toEqual([{ path: 'key', why: 'changed' }]);
    expect(readFileSync(at('key'), 'utf8')).toBe('a new key');
  });

  it('a folder that was mounted over a listed one after the listing was emptied', async () => {
    const tree = await listTree(dir);
    // Its content has the names, and even the inodes, that were listed: it is the same folder, mounted once more.
    execFileSync('mount', ['--bind', at('data'), at('data')]);
    try {
      expect((await removeListed(tree, noTurn)).left).toEqual([{ path: 'data', why: 'changed' }]);
    } finally {
      execFileSync('umount', [at('data')]);
    }
    expect(names(dir)).toEqual(['data', 'data/deep', 'data/deep/a']);
    // A file that something is mounted on can't be deleted, and is left as one that has changed.
    writeFileSync(at('key'), 'k');
    const again = await listTree(dir);
    execFileSync('mount', ['--bind', at('key'), at('key')]);
    try {
      expect((await removeListed(again, noTurn)).left).toEqual([{ path: 'key', why: 'changed' }]);
    } finally {
      execFileSync('umount', [at('key')]);
    }
  });

  it('in one large directory nobody looked whether a container had come up', async () => {
    for (let i = 0; i < 50; i++) writeFileSync(at('data/deep', `more-${i}`), '');
    let turns = 0;
    const stop = async () => {
      turns += 1;
      if (turns === 10) throw new Error('a container is up');
    };
    await expect(removeListed(await listTree(dir), stop)).rejects.toThrow('a container is up');
    expect(names(at('data/deep')).length).toBeGreaterThan(40);
  });

  it('of a file with two names both go', async () => {
    linkSync(at('key'), at('key2'));
    expect((await removeListed(await listTree(dir), noTurn)).left).toEqual([]);
    expect(names(dir)).toEqual([]);
  });

  it('only what was chosen goes; a directory that is looked into stays', async () => {
    const tree = await listTree(dir, (name) => (name === 'data' ? 'through' : name.startsWith('data/') ? 'list' : 'leave'));
    expect(tree.entries.map((one) => one.path)).toEqual(['data/deep/a', 'data/deep']);
    await removeListed(tree, noTurn);
    expect(names(dir)).toEqual(['data', 'key']);
  });
});

it('a rest is what was listed and is still the same', async () => {
  const tree = await listTree(dir);
  rmSync(at('data'), { recursive: true });
  expect(isRestOf(await listTree(dir), tree)).toBe(true);
  writeFileSync(at('key'), 'KKK');
  expect(isRestOf(await listTree(dir), tree)).toBe(false);
  rmSync(at('key'));
  writeFileSync(at('more'), '');
  expect(isRestOf(await listTree(dir), tree)).toBe(false);
});

it('the rest of a listing is what is there and the same, for who deletes by names', async () => {
  const tree = await listTree(dir);
  rmSync(at('key'));
  writeFileSync(at('key'), 'a new key');
  writeFileSync(at('new'), '');
  expect(restOf(await listTree(dir), tree).entries.map((one) => one.path)).toEqual(['data/deep/a', 'data/deep', 'data']);
  rmSync(at('data/deep/a'));
  expect(restOf(await listTree(dir), tree).entries.map((one) => one.path)).toEqual(['data/deep', 'data']);
});

it('a listed file is read only while it is that file', async () => {
  const tree = await listTree(dir);
  const entry = tree.entries[0] as (typeof tree.entries)[number];
  await (await openListed(dir, entry)).close();
  rmSync(at('data/deep/a'));
  symlinkSync(path.join(base, 'elsewhere/precious'), at('data/deep/a'));
  await expect(openListed(dir, entry)).rejects.toMatchObject({ code: 'folder_changed' });
});
