import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { hostPlaces, namesIn, type Visible } from './host-places.ts';
import { TMKMS_HOME, type TmkmsPlace } from './tmkms-key.ts';

/** How far tmkms has signed (its guard against signing a height twice). `absent`: surely no such file, tmkms would begin at 0. */
export type SigningState = { state: 'known'; height: number } | { state: 'absent' } | { state: 'unknown'; why: string };

const STATE_FILE = 'state/priv_validator_state.json';
const CONFIG = 'tmkms.toml';
const MAX_BYTES = 64 * 1024;
const schema = z.object({ height: z.union([z.number(), z.string().regex(/^\d{1,15}$/).transform(Number)]).pipe(z.number().int().min(0)) });

/** `.tmkms/state/priv_validator_state.json` (facts 1.4), unless tmkms.toml names another file: that is unknown. Never throws. */
export async function signingState(place: TmkmsPlace, visible: Visible = hostPlaces()): Promise<SigningState> {
  const source = place.mounts.find((one) => one.target === TMKMS_HOME)?.source;
  if (!source) return { state: 'unknown', why: `no mount at ${TMKMS_HOME}` };
  const toml = await textOf(path.join(/*turbopackIgnore: true*/ source, CONFIG));
  // It may name another file, and can't be read: a link, or not for this process.
  const around = toml === undefined ? await namesIn(source, visible) : [];
  if (around.includes(CONFIG)) return { state: 'unknown', why: CONFIG };
  const named = /^\s*state_file\s*=\s*"([^"]*)"/m.exec(toml ?? '')?.[1];
  if (named !== undefined && path.posix.normalize(named) !== `${TMKMS_HOME}/${STATE_FILE}`) return { state: 'unknown', why: named.slice(0, 200) };
  const names = await namesIn(path.join(/*turbopackIgnore: true*/ source, path.dirname(STATE_FILE)), visible);
  if (names === 'absent' || (Array.isArray(names) && !names.includes(path.basename(STATE_FILE)))) return { state: 'absent' };
  if (!Array.isArray(names)) return { state: 'unknown', why: names };
  const text = await textOf(path.join(/*turbopackIgnore: true*/ source, STATE_FILE));
  if (text === undefined) return { state: 'unknown', why: 'unreadable' };
  try {
    return { state: 'known', height: schema.parse(JSON.parse(text)).height };
  } catch {
    return { state: 'unknown', why: 'malformed' };
  }
}

/** Undefined where it can't be read, is a link or isn't as small as it should be. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    const handle = await open(/*turbopackIgnore: true*/ file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      return info.isFile() && info.size <= MAX_BYTES ? await handle.readFile('utf8') : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
