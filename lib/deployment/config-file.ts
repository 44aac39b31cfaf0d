import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fchownSync, fstatSync, fsync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { EDITABLE, type FileVersion } from './config-schema.ts';

/** Files that are written this way: those a person edits, and the panel's own (port-files.ts). */
const WRITTEN = [...Object.values(EDITABLE), 'docker-compose.panel-ports.yml', 'docker-compose.panel-ports.mlnode.yml'] as const;
export type ConfigFileName = (typeof WRITTEN)[number];
/** `mode` is the permission bits; they and the owner are absent with the file. */
export type ConfigFile = { text: string | undefined; version: FileVersion; mode?: number; uid?: number; gid?: number };

export const CONFIG_FILE_LIMIT = 256 * 1024;
const GROUP_AND_OTHER = 0o077;

/**
 * A file of the deployment directory as text, with the SHA-256 of its bytes. A link is refused, also one that stays inside
 * the directory: a save would put a file in its place. Throws config_file_symlink, config_not_a_file, config_not_text,
 * config_too_large, config_unreadable, deploy_dir_not_found, each with {file} or {dir}.
 */
export async function readConfigFile(dir: string, name: ConfigFileName): Promise<ConfigFile> {
  return read(place(dir, name), name);
}

/** A small file is read and written at once, faster than by turns of the thread pool; only the disk is waited for, since a busy one takes its time. */
const onDisk = promisify(fsync);

/**
 * Writes the file whole or not at all: a temporary file beside it, then a rename. Owner and mode stay; a file that holds a
 * secret and is open to group or others becomes 0600 (`tightened`). A new file is 0600 with a secret, else 0644. A file
 * that nobody may write (such as 0444) is read-only on purpose and is refused, to root too. `changed`: the bytes differ.
 *
 * `newInode`: a container that has this very file mounted (api has node-config.json, facts 2.2) keeps the old one until
 * it is recreated. Where nothing changed and the mode was right, nothing is written.
 *
 * Throws config_changed (409) when the file isn't `expected` any more, before or during the save; config_disk_full;
 * config_read_only {reason}; config_owner {uid, gid} when the owner can't be kept; config_file_mounted; and what
 * readConfigFile throws. After any of them the file is as it was and no temporary file is left; one that a killed panel
 * left is removed here.
 */
export async function saveConfigFile(
  dir: string,
  name: ConfigFileName,
  { text, expected, secret }: { text: string; expected: FileVersion; secret: boolean },
): Promise<{ version: FileVersion; mode: number; tightened: boolean; changed: boolean; newInode: boolean }> {
  const file = place(dir, name);
  const bytes = encode(text, name);
  removeLeftOvers(file, name);
  const before = read(file, name);
  if (before.version !== expected) throw changedUnderneath(name);
  const tightened = before.mode !== undefined && secret && (before.mode & GROUP_AND_OTHER) !== 0;
  const mode = tightened ? 0o600 : (before.mode ?? (secret ? 0o600 : 0o644));
  const version = versionOf(bytes);
  const changed = version !== before.version;
  if (!changed && !tightened) return { version, mode, tightened, changed, newInode: false };
  if (before.mode !== undefined && (before.mode & 0o222) === 0) throw new PanelError('config_read_only', { file: name, reason: before.mode.toString(8).padStart(4, '0') }, { status: 403 });

  const temporary = path.join(path.dirname(file), `.${name}.${randomBytes(8).toString('hex')}${SUFFIX}`);
  writing().add(temporary);
  try {
    await writeNew(temporary, bytes, { ...before, mode }, name);
    if (read(file, name).version !== expected) throw changedUnderneath(name);
    renameSync(/*turbopackIgnore: true*/ temporary, file);
    await syncDirectory(path.dirname(file));
  } catch (error) {
    removeIfPossible(temporary);
    throw explained(error, name);
  } finally {
    writing().delete(temporary);
  }
  return { version, mode, tightened, changed, newInode: before.mode !== undefined };
}

const SUFFIX = '.gonka-panel';
/** Temporary files of saves that run now, in whichever bundle. */
const writing = () => singleton('deployment.config-file.writing', () => new Set<string>());
const changedUnderneath = (name: string) => new PanelError('config_changed', { file: name }, { status: 409 });
/** The version that a file with this text has. */
export const versionOfText = (text: string): FileVersion => versionOf(Buffer.from(text, 'utf8'));
const versionOf = (bytes: Buffer): FileVersion => createHash('sha256').update(bytes).digest('hex');

function place(dir: string, name: ConfigFileName): string {
  if (!WRITTEN.includes(name)) throw new PanelError('bad_request');
  try {
    return path.join(/*turbopackIgnore: true*/ realpathSync.native(/*turbopackIgnore: true*/ dir), name);
  } catch (error) {
    throw new PanelError('deploy_dir_not_found', { dir }, { status: 404, cause: error });
  }
}

function encode(text: string, name: string): Buffer {
  if (!text.isWellFormed()) throw new PanelError('config_not_text', { file: name });
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > CONFIG_FILE_LIMIT) throw tooLarge(name, bytes.length);
  return bytes;
}

const tooLarge = (name: string, size: number) => new PanelError('config_too_large', { file: name, kilobytes: Math.ceil(size / 1024), limit: CONFIG_FILE_LIMIT / 1024 }, { status: 413 });

function read(file: string, name: string): ConfigFile {
  let open: number | undefined;
  try {
    // Not blocking: a pipe in the file's place would wait for a writer.
    open = openSync(/*turbopackIgnore: true*/ file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = fstatSync(open);
    if (!info.isFile()) throw new PanelError('config_not_a_file', { file: name }, { status: 409 });
    if (info.size > CONFIG_FILE_LIMIT) throw tooLarge(name, info.size);
    const bytes = readFileSync(open);
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) throw new PanelError('config_not_text', { file: name });
    return { text, version: versionOf(bytes), mode: info.mode & 0o7777, uid: info.uid, gid: info.gid };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { text: undefined, version: 'absent' };
    if (code === 'ELOOP') throw new PanelError('config_file_symlink', { file: name }, { status: 409, cause: error });
    // A socket in its place can't even be opened.
    if (code === 'ENXIO') throw new PanelError('config_not_a_file', { file: name }, { status: 409, cause: error });
    if (isPanelError(error)) throw error;
    throw new PanelError('config_unreadable', { file: name, reason: code ?? 'error' }, { status: 403, cause: error });
  } finally {
    if (open !== undefined) closeSync(open);
  }
}

async function writeNew(temporary: string, bytes: Buffer, { mode, uid, gid }: Omit<ConfigFile, 'mode'> & { mode: number }, name: string): Promise<void> {
  // Private from the start; opened as far as the old file was only when it has its owner.
  const open = openSync(/*turbopackIgnore: true*/ temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    const own = fstatSync(open);
    if (uid !== undefined && gid !== undefined && (own.uid !== uid || own.gid !== gid)) {
      try {
        fchownSync(open, uid, gid);
      } catch (error) {
        throw new PanelError('config_owner', { file: name, uid, gid }, { status: 403, cause: error });
      }
    }
    writeFileSync(open, bytes);
    fchmodSync(open, mode);
    await onDisk(open);
  } finally {
    closeSync(open);
  }
}

async function syncDirectory(dir: string): Promise<void> {
  let open: number | undefined;
  try {
    open = openSync(/*turbopackIgnore: true*/ dir, constants.O_RDONLY | constants.O_DIRECTORY);
    await onDisk(open);
  } catch {
    // The new file is in place and on disk; some network filesystems and unreadable directories allow no more.
  } finally {
    if (open !== undefined) closeSync(open);
  }
}

function removeLeftOvers(file: string, name: string): void {
  const dir = path.dirname(file);
  const pattern = new RegExp(`^\\.${name.replaceAll('.', '\\.')}\\.[0-9a-f]{16}\\${SUFFIX}$`);
  for (const one of names(dir)) {
    const left = path.join(/*turbopackIgnore: true*/ dir, one);
    if (pattern.test(one) && !writing().has(left)) removeIfPossible(left);
  }
}

function names(dir: string): string[] {
  try {
    return readdirSync(/*turbopackIgnore: true*/ dir);
  } catch {
    return [];
  }
}

function removeIfPossible(file: string): void {
  try {
    rmSync(/*turbopackIgnore: true*/ file, { force: true });
  } catch {
    // The next save tries again.
  }
}

function explained(error: unknown, name: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (isPanelError(error) || !code) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new PanelError('config_disk_full', { file: name }, { status: 507, cause: error });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return new PanelError('config_read_only', { file: name, reason: code }, { status: 403, cause: error });
  // The file is a mount of its own: it can be written, not replaced.
  if (code === 'EBUSY') return new PanelError('config_file_mounted', { file: name }, { status: 409, cause: error });
  if (code === 'EISDIR' || code === 'ENOTEMPTY') return new PanelError('config_not_a_file', { file: name }, { status: 409, cause: error });
  return error;
}
