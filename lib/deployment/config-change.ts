import { holdsKeyMaterial, keyMaterialIn } from '../../guard/key-material.ts';
import { secretsIn } from '../../guard/secret-arguments.ts';
import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import type { ConfigEnv } from './config-env.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { restoredText } from './config-restore.ts';
import { type ConfigChange, EDITABLE, type EditableFile } from './config-schema.ts';
import { hideIn, showIn } from './config-tokens.ts';
import { configTemplate } from './config-template.ts';
import { editEnvFile } from './env-edit.ts';
import { parseEnvFile } from './env-file.ts';
import { withQuotedPlaceholders } from './env-placeholders.ts';
import { type EnvValue, envValues } from './env-values.ts';
import { shownNames } from './secret-places.ts';
import { secretsOf } from './secret-values.ts';
import { configVersion } from './store.ts';

/** `text` is what would be written, secrets and all: server only. `changed`: names of variables (ML nodes) that differ. */
export type ChangedFile = { before: ConfigFile; text: string; changed: string[]; /** The new text's own, to be masked before anything may print them. */ secrets: string[]; hasSecret: boolean };

/**
 * The file as it is now, and its text after the change. Nothing is written. Throws config_changed (409) when the file isn't
 * the version that the change was made from; config_edit_refused, config_value_unwritable, config_secret_token,
 * config_version_unknown, config_restore_secret, config_mnemonic; and what readConfigFile throws.
 */
export async function changedFile(dir: string, file: EditableFile, change: ConfigChange): Promise<ChangedFile> {
  const name = EDITABLE[file];
  const before = await readConfigFile(dir, name);
  if (before.version !== change.version) throw new PanelError('config_changed', { file: name }, { status: 409 });
  const old = before.text ?? '';
  refuseKeyMaterial(change.by === 'values' ? change.values : {});
  const text = await newText(dir, file, change, old);
  refuseNewKeyMaterial(old, text);
  const secrets = file === 'env' ? envSecrets(text, dir) : secretsIn(text);
  return { before, text, changed: changedNames(file, old, text, dir), secrets, hasSecret: hideIn(file, text).hidden.length > 0 };
}

/** The law that a recovery phrase never comes near a server, kept here too: what the browser looked for is looked for again. Throws config_mnemonic. */
export function refuseKeyMaterial(values: unknown): void {
  if (holdsKeyMaterial(values)) throw new PanelError('config_mnemonic');
}

/** The same for a text; what the file has already is nobody's doing here. Throws config_mnemonic. */
export function refuseNewKeyMaterial(old: string, now: string): void {
  const before = new Set(keyMaterialIn(old));
  if (keyMaterialIn(now).some((one) => !before.has(one))) throw new PanelError('config_mnemonic');
}

async function newText(dir: string, file: EditableFile, change: ConfigChange, old: string): Promise<string> {
  if (change.by === 'text') return showIn(file, change.text, old);
  if (change.by === 'values') {
    if (file !== 'env') throw new PanelError('bad_request');
    // A file that isn't there yet begins as the quickstart's `cp config.env.template config.env` begins it.
    const base = change.version === 'absent' ? await configTemplate(dir) : old;
    return editEnvFile(parseEnvFile(base), change.values).text;
  }
  const row = await configVersion(change.from);
  if (!row || row.dir !== dir || row.file !== file) throw new PanelError('config_version_unknown', { id: change.from }, { status: 404 });
  return restoredText(file, row.text, old);
}

/** A text of config.env as the deployment's reader understands it; its bare placeholders, where bash gives up, taken for values when `settled`. */
export function envOfText(text: string, dir: string, settled = false): ConfigEnv {
  const given = parseEnvFile(text);
  const file = settled ? withQuotedPlaceholders(given).file : given;
  const { HOME, PATH } = panelEnv().child;
  return { file, values: envValues(file, { ...(HOME ? { HOME } : {}), ...(PATH ? { PATH } : {}), PWD: dir }), problems: [], readable: true };
}

function envSecrets(text: string, dir: string): string[] {
  const env = envOfText(text, dir);
  return secretsOf(env.file, [...env.values.variables].flatMap(([name, one]): [string, string][] => (one.state === 'unknown' ? [] : [[name, one.value]])));
}

/** Names of variables, or ids of ML nodes, that differ between two texts. */
export const changedNames = (file: EditableFile, old: string, now: string, dir: string): string[] => (file === 'env' ? changedVariables(old, now, dir) : changedNodes(old, now));

function changedVariables(old: string, now: string, dir: string): string[] {
  const [before, after] = [old, now].map((text) => envOfText(text, dir, true).values);
  // What only looks like a name behind a secret is a piece of it.
  const shown = [old, now].map((text) => shownNames(parseEnvFile(text)));
  const lost = (values: typeof before, name: string) => values?.stopped?.lost.includes(name) ?? false;
  const names = new Set([before, after].flatMap((values) => [...(values?.variables.keys() ?? []), ...(values?.stopped?.lost ?? [])]));
  return [...names].filter((name) => shown.some((one) => one.has(name))).filter((name) => meaning(before?.variables.get(name)) !== meaning(after?.variables.get(name)) || lost(before, name) !== lost(after, name)).sort();
}

const meaning = (one: EnvValue | undefined) => (one === undefined ? '' : JSON.stringify([one.state, one.state === 'unknown' ? one.reason : one.value]));

/** Ids of the ML nodes that differ; `#N` for one without an id. */
function changedNodes(old: string, now: string): string[] {
  const [before, after] = [nodesOf(old), nodesOf(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id)).sort();
}

function nodesOf(text: string): Map<string, string> {
  try {
    const nodes: unknown = JSON.parse(text);
    return new Map((Array.isArray(nodes) ? nodes : []).map((node, i) => [typeof node?.id === 'string' && node.id ? node.id : `#${i + 1}`, JSON.stringify(node)]));
  } catch {
    return new Map();
  }
}
