import { changedNames } from './config-change.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { type DiffLine, EDITABLE, type EditableFile, type FileVersion } from './config-schema.ts';
import { hideIn, hideToKeep, markTokens } from './config-tokens.ts';
import { maskedDiff } from './line-diff.ts';
import { addConfigVersion, configVersion, configVersions, newestConfigVersion, type VersionRow } from './store.ts';

/** Every secret of the kept texts looks alike: whether it was another one is nobody's business. */
const alike = (text: string) => text.replace(/⟪secret \d+⟫/g, 'x');
const kept = (file: EditableFile, text: string) => hideToKeep(file, text).text;

/** Keeps the file as it was met, if it isn't as the last kept version left it. True when a row was added. */
export async function rememberFound(dir: string, file: EditableFile, { text, version, mode }: ConfigFile): Promise<boolean> {
  if (text === undefined) return false;
  const last = await newestConfigVersion(dir, file);
  if (last?.version === version) return false;
  const masked = kept(file, text);
  await addConfigVersion({ dir, file, version, by: '', how: 'found', changed: last ? changedNames(file, alike(last.text), alike(masked), dir) : [], text: masked, mode });
  return true;
}

type Saved = Pick<VersionRow, 'by' | 'ip' | 'how' | 'changed' | 'operationId'>;

/** Keeps the file as it was just saved; false when that was done already, or nothing was new. */
export async function rememberSaved(dir: string, file: EditableFile, { text, version, mode }: ConfigFile, saved: Saved): Promise<boolean> {
  if (text === undefined || (await newestConfigVersion(dir, file))?.version === version) return false;
  await addConfigVersion({ dir, file, version, ...saved, text: kept(file, text), mode });
  return true;
}

export type VersionShown = { id: string; at: string; file: EditableFile; version: FileVersion; by: string; changed: string[]; how: VersionRow['how']; operation?: string; current: boolean };

const shown = (row: VersionRow, current: boolean): VersionShown => ({
  id: row.id, at: row.at, file: row.file, version: row.version, by: row.by, changed: row.changed, how: row.how,
  ...(row.operationId ? { operation: row.operationId } : {}),
  current,
});

/** The kept versions, newest first, without their texts. `current`: the newest one that the file is now. */
export async function versionList(dir: string, file: EditableFile): Promise<VersionShown[]> {
  const [rows, now] = await Promise.all([configVersions(dir, file), versionNow(dir, file)]);
  const current = rows.find((one) => one.version === now);
  return rows.map((one) => shown(one, one === current));
}

/** One version with its text, secrets as marks, and what differs from it to the file of today. Undefined: there is none. */
export async function versionDetail(dir: string, id: string): Promise<(VersionShown & { text: string; diffToNow: DiffLine[] }) | undefined> {
  const row = await configVersion(id);
  if (!row || row.dir !== dir) return undefined;
  const list = await versionList(dir, row.file);
  const text = markTokens(row.text, []);
  const now = (await readConfigFile(dir, EDITABLE[row.file])).text ?? '';
  return { ...shown(row, list.some((one) => one.id === id && one.current)), text, diffToNow: maskedDiff(text, markTokens(hideIn(row.file, now).text, [])) };
}

const versionNow = (dir: string, file: EditableFile): Promise<FileVersion | undefined> => readConfigFile(dir, EDITABLE[file]).then((one) => one.version, () => undefined);
