/** Whatever a person types leaves the browser by one door, or by one that looks for recovery phrases and private keys itself. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const sources = ['app', 'components'].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name) && !/^app\/api\//.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }));
const LOOKS = /\b(?:holdsKeyMaterial|neverSent|sendPanel)\(/;

it('the password box of a backup sent what was typed by a way of its own, unseen', () => {
  const sends = /\bfetch\([^;]*?\bbody:|\bsendBeacon\(|\bnew (?:WebSocket|XMLHttpRequest)\(|['"]use server['"]/s;
  const found = sources.filter(({ text }) => sends.test(text));
  expect(found.map(({ name }) => name).sort()).toEqual(['app/(panel)/deployment/actions.ts', 'components/reset/backup-list.tsx']);
  expect(found.filter(({ text }) => !LOOKS.test(text)).map(({ name }) => name)).toEqual([]);
});

it('what the door leaves to its callers, they look at', () => {
  const door = sources.find(({ name }) => name === 'components/ui/panel-data.ts')?.text ?? '';
  const [, left = ''] = /LOOKED_AT = \/\^(.+)\$\/;/.exec(door) ?? [];
  const urls = new RegExp(`['"]${left}['"]`);
  const callers = sources.filter(({ name, text }) => name !== 'components/ui/panel-data.ts' && urls.test(text) && /\b(?:sendPanel|ask)(?:<[^(]*>)?\(\s*['"]/.test(text));
  expect(callers.map(({ name }) => name).sort()).toEqual(['components/config/review-client.ts', 'components/config/use-config-check.ts', 'components/ml-nodes/ml-nodes-client.ts', 'components/node-config/use-node-draft.ts', 'components/reset/reset-dialog.tsx']);
  expect(callers.filter(({ text }) => !/\b(?:neverSent|holdsKeyMaterial)\(/.test(text)).map(({ name }) => name)).toEqual([]);
});

it('a search that goes into the address goes to the server with it', () => {
  // What is no free text: a page, a group, names of nodes that are chosen from a list, numbers of cards.
  const CHOSEN = ['components/config/use-config-address.ts', 'components/ml-nodes/ml-nodes-page.tsx', 'components/models/models-page.tsx', 'components/node-config/node-config-editor.tsx'];
  const found = sources.filter(({ text }) => /\bhistory\.(?:replace|push)State\(|\brouter\.replace\(/.test(text)).map(({ name, text }) => ({ name, looks: LOOKS.test(text) }));
  expect(found.filter(({ looks }) => looks).map(({ name }) => name).sort()).toEqual(['components/history/history-page.tsx', 'components/logs/use-log-address.ts']);
  expect(found.filter(({ looks }) => !looks).map(({ name }) => name).sort()).toEqual(CHOSEN);
});
