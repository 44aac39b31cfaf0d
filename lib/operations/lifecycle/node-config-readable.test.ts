import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DeploymentService } from '#lib/deployment/schema.ts';
import type { RunContext } from '#lib/operations/step.ts';
import { deploymentSound } from './compose-steps.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'panel-readable-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const WHOLE = '[{ "id": "node1", "host": "inference", "inference_port": 5000, "poc_port": 8080, "max_concurrent": 500, "models": { "m": { "args": [] } } }]';
const put = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), text);
};
/** What the first step of a start of `role` says. */
const starts = (role: string, source = 'node-config.json', composeArgs: string[] | undefined = ['up', '-d']) => {
  const service = { name: role, role, mounts: [{ source: path.join(dir, source), target: '/root/node_config.json' }] } as unknown as DeploymentService;
  const look = async () => ({ composeArgs, deployment: { dir, services: [service], problems: [] }, affected: [{ service }] });
  return Promise.resolve(deploymentSound.run({ look } as unknown as RunContext)).then(() => 'started', ({ code, params }) => [code, params.problem]);
};

it('an api was started on a node-config.json that it can not read, and ended again and again', async () => {
  for (const [text, problem] of [[WHOLE.slice(0, 60), 'node_config_json'], ['', 'node_config_json'], ['{}', 'node_config_no_list'], ['[1]', 'node_config_no_object'], [WHOLE.replace('5000', '"5000"'), 'node_config_type']] as const) {
    put('node-config.json', text);
    expect(await starts('api'), text).toEqual(['operation_node_config_broken', problem]);
  }
  // Its container is there already, and is only started.
  expect(await starts('api', 'node-config.json', ['start', '--', 'api'])).toEqual(['operation_node_config_broken', 'node_config_type']);
  // NODE_CONFIG names another file: that one counts.
  put('other.json', WHOLE);
  expect(await starts('api', 'other.json')).toBe('started');
});

it('a file that the api can read, has taken over already, or that is not there is no reason; nor is it one for another service', async () => {
  expect(await starts('api')).toBe('started');
  put('node-config.json', WHOLE);
  expect(await starts('api')).toBe('started');
  put('node-config.json', '{');
  expect(await starts('node')).toBe('started');
  put('.dapi/api-config.yaml', 'merged_node_config: true\n');
  expect(await starts('api')).toBe('started');
  // Whether it was taken over can't be known.
  put('.dapi/gonka.db', 'no database');
  expect(await starts('api')).toBe('started');
});
