import { describe, expect, test } from 'vitest';
import { BadEnvironment, isLoopback, readEnv } from './env.ts';

function problems(source: Record<string, string>): string[] {
  try {
    readEnv(source);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(BadEnvironment);
    return (error as BadEnvironment).problems.map((p) => `${p.variable}: ${p.message}`);
  }
}

test('defaults: loopback, port 7700, ./data, node2 first', () => {
  const env = readEnv({});
  expect(env).toMatchObject({ host: '127.0.0.1', port: 7700, origins: [], docker: { host: 'unix:///var/run/docker.sock' } });
  expect(env.seedApiUrls[0]).toBe('http://node2.gonka.ai:8000');
  expect(env.deployDir).toBeUndefined();
  expect(env.dataDir.endsWith('/data')).toBe(true);
});

test('an empty variable is an unset one, as compose passes it', () => {
  expect(readEnv({ PANEL_ORIGINS: '', SEED_API_URLS: '', GONKA_DEPLOY_DIR: '', PANEL_PORT: '' }).port).toBe(7700);
});

describe('bad values stop the start with one message each', () => {
  test.each([
    ['PANEL_PORT', 'http'],
    ['PANEL_PORT', '0'],
    ['PANEL_PORT', '65536'],
    ['PANEL_HOST', 'my host'],
    ['PANEL_ORIGINS', 'panel.example.org'],
    ['PANEL_ORIGINS', 'https://panel.example.org/x'],
    ['PANEL_ORIGINS', 'javascript:alert(1)'],
    ['PANEL_ORIGINS', 'https://user:secret@panel.example.org'],
    ['GONKA_DEPLOY_DIR', 'deploy/join'],
    ['SEED_API_URLS', 'node2.gonka.ai:8000'],
    ['SEED_API_URLS', ','],
    ['DOCKER_HOST', '/var/run/docker.sock'],
    ['GONKA_REPOSITORY', 'gonka-ai/gonka'],
    ['GONKA_REPOSITORY', 'git@github.com:gonka-ai/gonka.git'],
    ['GONKA_REPOSITORY', 'ssh://git@github.com/gonka-ai/gonka.git'],
    ['GONKA_REPOSITORY', 'ext::sh -c touch% /tmp/x'],
    ['GONKA_REPOSITORY', '--upload-pack=touch /tmp/x'],
    ['GONKA_REPOSITORY', 'https://ann:secret@git.example.org/gonka.git'],
    ['GONKA_REPOSITORY', 'https://git.example.org/gonka.git?token=secret'],
  ])('%s=%s', (name, value) => {
    const found = problems({ [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name}: expected`);
    expect(found[0]).toContain(JSON.stringify(value));
  });

  test('all of them at once', () => {
    expect(problems({ PANEL_PORT: 'x', DOCKER_HOST: 'y', GONKA_DEPLOY_DIR: 'z' })).toHaveLength(3);
  });
});

test("a child process gets nothing of the panel's own environment: PORT and DATABASE_URL would reach the node's containers", () => {
  const env = readEnv({ PATH: '/bin', HOME: '/root', PORT: '3000', DATABASE_URL: 'x', PANEL_DATA_DIR: '/d', NODE_ENV: 'production', DOCKER_HOST: 'unix:///run/d.sock', DOCKER_CONFIG: '/c', KEYRING_PASSWORD: 'p' });
  expect(env.child).toEqual({ PATH: '/bin', HOME: '/root', DOCKER_HOST: 'unix:///run/d.sock', DOCKER_CONFIG: '/c' });
});

test("the repository is the quickstart's unless a mirror is named", () => {
  expect(readEnv({}).repository).toBe('https://github.com/gonka-ai/gonka.git');
  for (const mirror of ['https://gitee.example.cn/mirror/gonka.git', 'http://10.0.0.5:3000/gonka.git', 'git://10.0.0.5/gonka', 'file:///srv/git/gonka.git']) expect(readEnv({ GONKA_REPOSITORY: mirror }).repository).toBe(mirror);
});

test('loopback is what only this machine reaches', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.168.1.1', '128.0.0.1'].some(isLoopback)).toBe(false);
});
