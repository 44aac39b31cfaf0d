import { createHash } from 'node:crypto';
import { isPanelError, PanelError } from '#lib/core/errors.ts';
import { isTemplateWord } from '#lib/deployment/placeholder.ts';
import type { Deployment } from '#lib/deployment/schema.ts';
import { runOneShot } from '#lib/docker/client.ts';
import { whileMasked } from '#lib/operations/config/content.ts';
import { API_HOME, ML_KEY_SCRIPT, STDIN_END } from './script.ts';
import { type MlKeyReading, readMlKeyOutput } from './output.ts';

/** Making a key takes a second or two; a machine under load gets its time. */
const TIMEOUT_MS = 120_000;
/** bcrypt takes no more (in bytes); fewer than 8 are refused by the program (measured 2). */
const PASSWORD_BYTES = { least: 8, most: 72 };

/** What the one-off container is made of; all of it is public. `keyring`: host path that is mounted as the api's home. */
export type MlKeyPlace = { name: string; image: string; home: string; user?: string; container: string };

/**
 * Where the key belongs by the files as they are. Throws ml_key_no_api, ml_key_no_mount, ml_key_name, ml_key_backend.
 */
export function mlKeyPlace(of: Deployment): MlKeyPlace {
  const api = of.services.find((one) => one.role === 'api' && one.active);
  if (!api?.image) throw new PanelError('ml_key_no_api', { dir: of.dir }, { status: 409 });
  const home = api.mounts.find((one) => one.target === API_HOME && !one.readOnly)?.source;
  if (!home) throw new PanelError('ml_key_no_mount', { service: api.name, target: API_HOME }, { status: 409 });
  const name = of.values.KEY_NAME ?? '';
  // It becomes the name of a file and an argument.
  if (name.trim() === '' || name !== name.trim() || /^[-<.]|[/\\\0-\x1f\x7f]/.test(name) || Buffer.byteLength(name) > 128) throw new PanelError('ml_key_name', {}, { status: 409 });
  const backend = of.values.KEYRING_BACKEND ?? 'file';
  if (backend !== 'file') throw new PanelError('ml_key_backend', { backend }, { status: 409 });
  // One name for one keyring, also for another panel: the engine lets nobody else have it meanwhile.
  const container = `gonka-panel-ml-key-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  return { name, image: api.image, home, container, ...(api.user ? { user: api.user } : {}) };
}

/** KEYRING_PASSWORD as the program will take it. Throws ml_key_password_unset, ml_key_password_lines, ml_key_password_length. */
export function keyringPassword(of: Deployment): string {
  const password = of.values.KEYRING_PASSWORD ?? '';
  if (password === '' || isTemplateWord(password)) throw new PanelError('ml_key_password_unset', {}, { status: 409 });
  if (/[\r\n]/.test(password)) throw new PanelError('ml_key_password_lines', {}, { status: 409 });
  const bytes = Buffer.byteLength(password.trim());
  if (bytes < PASSWORD_BYTES.least || bytes > PASSWORD_BYTES.most) throw new PanelError('ml_key_password_length', { ...PASSWORD_BYTES, bytes }, { status: 409 });
  return password;
}

const environment = (place: MlKeyPlace, mayMake: boolean) => ({ KEY_NAME: place.name, MAY_MAKE: mayMake ? 'yes' : 'no' });

/** The same as one would type it, for the dialog and the history. */
export function mlKeyCommand(place: MlKeyPlace, mayMake: boolean): string[] {
  const env = Object.entries(environment(place, mayMake)).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return ['docker', 'run', '--rm', '--interactive', '--name', place.container, '--log-driver', 'none', '--network', 'none', ...(place.user ? ['--user', place.user] : []), ...env, '--volume', `${place.home}:${API_HOME}`, '--entrypoint', '/bin/sh', place.image, '-c', ML_KEY_SCRIPT];
}

/**
 * Looks for the key inside the image and, `mayMake`, makes it where it is surely absent, all in one container. What it
 * prints goes to this process and nowhere else. Throws one_shot_busy (another one is at it), image_absent, engine_*, one_shot_*.
 */
export async function lookOrMake(place: MlKeyPlace, password: string, mayMake: boolean): Promise<MlKeyReading> {
  return whileMasked(`keyring password ${place.container}`, [password], async () => {
    const ran = await runOneShot({
      name: place.container,
      image: place.image,
      argv: ['/bin/sh', '-c', ML_KEY_SCRIPT],
      env: environment(place, mayMake),
      binds: [`${place.home}:${API_HOME}`],
      user: place.user,
      stdin: `${password}\n${STDIN_END}\n`,
      timeoutMs: TIMEOUT_MS,
    });
    return readMlKeyOutput(ran, place.name);
  });
}

export const isBusy = (error: unknown): boolean => isPanelError(error) && error.code === 'one_shot_busy';
