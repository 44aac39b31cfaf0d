import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { CONFIG_FIELDS, FIELD_GROUPS, FIELD_SOURCES } from './config-fields.ts';

type Words = Record<string, string>;
type Messages = { config: { fields: Record<string, Words>; groups: Record<string, Words>; takesEffect: Words; sources: Words }; deployment: { problems: Record<string, Words> } };

const read = (name: string) => readFileSync(path.join(import.meta.dirname, name), 'utf8');
const code = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !/\.i?test\.ts$/.test(name)).map((name) => read(name)).join('\n');
/** `broken('x')`, `attention('x')`, `add('broken', 'x'`, `add(… ? 'broken' : 'attention', 'x'`, `code: 'x'`. */
const CODES = [...new Set([...code.matchAll(/(?:(?:broken|attention)\('|'(?:broken|attention)', '|code: '|code = ')([a-z0-9]+_[a-z0-9_]+)'/g)].map((match) => match[1] as string)), 'nginx_mode', 'node_config_missing', 'node_config_directory', 'mount_missing', 'mount_directory'].sort();

const PARAMS = { variable: 'API_PORT', services: 'proxy', line: 4, host: 'h', base: 'http://h:8000', offer: 'http://h:8000/chain-rpc/', bytes: 32, port: 26657, least: 1, choices: 'a, b', example: '4GB', provider: 'cloudflare', other: 'PORT', scheme: 'http', dashboard: 'Jaeger', fixed: 'no', process: 'nginx', protocol: 'tcp', published: 5000, path: '/p', free: 3, needed: 230, empty: 'yes', files: 'cert.pem' };
const RULES = ['value-rules.ts', 'plain-value-rules.ts', 'address-rules.ts', 'combination-rules.ts', 'config-checks.ts', 'path-checks.ts', 'value-problem.ts'].map((name) => read(name)).join('\n');

for (const locale of ['en', 'zh'] as const) {
  const messages = JSON.parse(readFileSync(path.join(import.meta.dirname, `../../messages/${locale}.json`), 'utf8')) as Messages;
  const t = createTranslator({ locale, messages: messages as never, onError: (error) => { throw error; } });
  const say = (key: string) => t(key as never, PARAMS as never) as string;

  describe(locale, () => {
    it('every field has a label and a help', () => {
      for (const { name } of CONFIG_FIELDS) for (const part of ['label', 'help']) expect(say(`config.fields.${name}.${part}`), name).not.toMatch(/^config\.|[{}]|^$/);
      expect(Object.keys(messages.config.fields).filter((name) => !CONFIG_FIELDS.some((one) => one.name === name))).toEqual([]);
    });
    it('groups, sources and when a change is felt', () => {
      for (const group of FIELD_GROUPS) for (const part of ['title', 'intro']) expect(say(`config.groups.${group}.${part}`)).not.toMatch(/^config\.(?:groups|sources|takesEffect)/);
      for (const source of FIELD_SOURCES) expect(say(`config.sources.${source}`)).not.toMatch(/^config\.(?:groups|sources|takesEffect)/);
      for (const when of ['recreate', 'first-run', 'chain', 'manual', 'unread']) expect(say(`config.takesEffect.${when}`)).not.toMatch(/^config\.(?:groups|sources|takesEffect)/);
    });
    it('every problem of the rules says what, what it means and what to do, and numbers stay as they are typed', () => {
      const codes = CODES.filter((one) => RULES.includes(`'${one}'`));
      expect(codes.length).toBeGreaterThan(50);
      for (const one of codes) for (const part of ['what', 'means', 'next']) expect(say(`deployment.problems.${one}.${part}`), one).not.toMatch(/^deployment\.|[{}]|26,657|^$/);
    });
    it('the forms that say more or less', () => {
      expect(t('deployment.problems.port_taken.what' as never, { ...PARAMS, process: 'unknown' } as never)).not.toMatch(/\(|（/);
      expect(t('deployment.problems.port_taken.what' as never, PARAMS as never)).toMatch(/nginx/);
      expect(t('deployment.problems.port_collision.what' as never, { ...PARAMS, fixed: 'yes', other: 'node' } as never)).toMatch(/compose.*node/);
      expect(t('deployment.problems.path_room.means' as never, { ...PARAMS, empty: 'no', needed: 20 } as never)).toMatch(/20 GB/);
    });
  });
}
