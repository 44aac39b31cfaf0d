import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isPanelError } from '#lib/core/errors.ts';
import { runGit } from '#lib/host/git.ts';
import { JOIN } from './clone-place.ts';
import { releaseOfRef } from './upstream-releases.ts';

/** A tracked file that isn't as its commit has it. Lines; undefined for a binary file. */
export type LocalChange = { file: string; added?: number; removed?: number };

/**
 * What git says of an adopted directory. `none`: it isn't inside a clone (copied by hand). `unknown`: it is, and can't be
 * read (`why`: `git_absent`, or git's words). `files`: what differs, at most FILES; `count`: how many there are.
 */
export type GitState =
  | { state: 'none' }
  | { state: 'unknown'; why: string }
  | { state: 'known'; root: string; commit: string; /** Tags and branch that stand at the commit. */ names: string[]; release?: string; count: number; files: LocalChange[] };

const FILES = 50;
const TIMEOUT_MS = 20_000;

/**
 * The commit of a directory's repository and what was changed in it since. Nothing is written and nothing of the
 * repository's own configuration is read: filters, hooks, monitors and helpers that it names are programs of whoever
 * wrote it. A git directory of our own, with a copy of its index and its objects to read from, has none. Never throws.
 */
export async function gitState(dir: string): Promise<GitState> {
  const root = await repositoryOf(dir);
  if (!root) return { state: 'none' };
  const own = path.join(/*turbopackIgnore: true*/ root, '.git');
  const scratch = await mkdtemp(path.join(/*turbopackIgnore: true*/ tmpdir(), 'gonka-panel-git-'));
  try {
    if (!(await stat(/*turbopackIgnore: true*/ own)).isDirectory()) return { state: 'unknown', why: 'worktree' };
    const refs = await refsOf(own);
    const head = (await readFile(/*turbopackIgnore: true*/ path.join(own, 'HEAD'), 'utf8')).trim();
    const branch = /^ref: refs\/heads\/(.+)$/.exec(head)?.[1];
    const commit = branch ? refs.get(`refs/heads/${branch}`) : head;
    if (!commit || !/^[0-9a-f]{40}$/.test(commit)) return { state: 'unknown', why: 'HEAD' };
    await mkdir(path.join(/*turbopackIgnore: true*/ scratch, 'refs'));
    await mkdir(path.join(/*turbopackIgnore: true*/ scratch, 'objects'));
    await writeFile(path.join(/*turbopackIgnore: true*/ scratch, 'HEAD'), `${commit}\n`);
    await writeFile(path.join(/*turbopackIgnore: true*/ scratch, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n');
    await copyFile(path.join(/*turbopackIgnore: true*/ own, 'index'), path.join(/*turbopackIgnore: true*/ scratch, 'index'));
    const result = await runGit(['diff', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=all', '--numstat', '-z', commit, '--'], {
      cwd: root, timeoutMs: TIMEOUT_MS,
      env: { GIT_DIR: scratch, GIT_WORK_TREE: root, GIT_OBJECT_DIRECTORY: path.join(own, 'objects'), GIT_NO_REPLACE_OBJECTS: '1', GIT_ATTR_NOSYSTEM: '1' },
    });
    if (result.exitCode !== 0) return { state: 'unknown', why: result.stderr.trim().split('\n').at(-1)?.slice(0, 200) || 'git' };
    const changes = changesIn(result.stdout);
    const names = [...refs].filter(([name, at]) => at === commit && /^refs\/(?:tags|heads)\//.test(name)).map(([name]) => name.replace(/^refs\/(?:tags|heads)\//, ''));
    const release = names.map(releaseOfRef).find((one) => one !== undefined);
    return { state: 'known', root, commit, names: [...new Set(names)].sort(), ...(release ? { release } : {}), count: changes.length, files: changes.slice(0, FILES) };
  } catch (error) {
    return { state: 'unknown', why: isPanelError(error) ? error.code : ((error as NodeJS.ErrnoException).code ?? 'error') };
  } finally {
    await rm(/*turbopackIgnore: true*/ scratch, { recursive: true, force: true }).catch(() => {});
  }
}

/** The repository that `<root>/deploy/join` belongs to, or that the directory is itself; a repository further up is another one. */
async function repositoryOf(dir: string): Promise<string | undefined> {
  const above = dir.endsWith(path.sep + JOIN) ? dir.slice(0, -JOIN.length - 1) : undefined;
  for (const root of [above, dir]) {
    if (root && (await stat(/*turbopackIgnore: true*/ path.join(root, '.git')).then(() => true, () => false))) return root;
  }
  return undefined;
}

/** Every ref with the commit it stands at, loose ones before packed ones; an annotated tag by its commit. */
async function refsOf(own: string): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  let last: string | undefined;
  for (const line of (await readFile(path.join(/*turbopackIgnore: true*/ own, 'packed-refs'), 'utf8').catch(() => '')).split('\n')) {
    const [, peeled] = /^\^([0-9a-f]{40})$/.exec(line) ?? [];
    const [, commit, name] = /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line) ?? [];
    if (peeled && last) refs.set(last, peeled);
    else if (commit && name) refs.set(name, commit);
    if (name) last = name;
  }
  for (const kind of ['refs/heads', 'refs/tags']) {
    const entries = await readdir(path.join(/*turbopackIgnore: true*/ own, kind), { withFileTypes: true, recursive: true }).catch(() => []);
    for (const entry of entries.filter((one) => one.isFile()).slice(0, 1000)) {
      const file = path.join(/*turbopackIgnore: true*/ entry.parentPath, entry.name);
      const commit = (await readFile(/*turbopackIgnore: true*/ file, 'utf8').catch(() => '')).trim();
      if (/^[0-9a-f]{40}$/.test(commit)) refs.set(path.relative(own, file), commit);
    }
  }
  return refs;
}

/** `--numstat -z`: `added TAB removed TAB path NUL`, with `-` for binary files. */
function changesIn(text: string): LocalChange[] {
  return text.split('\0').flatMap((entry): LocalChange[] => {
    const [, added, removed, file] = /^(\d+|-)\t(\d+|-)\t([\s\S]+)$/.exec(entry) ?? [];
    if (!file) return [];
    return [{ file, ...(added === '-' ? {} : { added: Number(added), removed: Number(removed) }) }];
  });
}
