import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellLine } from '../ui/command.tsx';
import { adminBody, adminCommand } from './admin-command.ts';
import type { NodeConfigEntry } from './node-config-data.ts';

const entry: NodeConfigEntry = { id: "node'1", host: 'inference', inferencePort: 5000, pocPort: 8080, maxConcurrent: 500, models: [{ id: 'Qwen/Qwen3-32B-FP8', args: ['--tensor-parallel-size', '4'] }], extra: ['auth_token'] };

it('is the object of the file, without what the panel does not know', () => {
  expect(adminBody(entry)).toEqual({ id: "node'1", host: 'inference', inference_port: 5000, poc_port: 8080, max_concurrent: 500, models: { 'Qwen/Qwen3-32B-FP8': { args: ['--tensor-parallel-size', '4'] } } });
  expect(adminBody({ ...entry, baseUrl: 'https://gpu.example' })).not.toHaveProperty('host');
});

it('a shell takes the line apart again as it is meant', () => {
  const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${shellLine(adminCommand(entry).slice(1))}`], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(printed).toEqual(adminCommand(entry).slice(1));
});
