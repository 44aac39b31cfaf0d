import { expect, it } from 'vitest';
import type { MlNodesCheck } from './ml-nodes-data.ts';
import { withoutTypedText } from './typed-text.ts';

const HF = `hf_${'aB3'.repeat(11)}`;
const answer = (args: string[], token = ''): MlNodesCheck => ({
  nodes: [{ node: { id: 'a', host: 'h', inferencePort: 1, pocPort: 2, maxConcurrent: 3, models: [{ id: 'm', args }], extra: [] }, exists: false }],
  problems: [{ level: 'attention', code: 'x', params: { token }, node: 0 }], sendable: true, commands: [['curl', token]], gate: { answer: 'yes' }, notes: [], unchecked: [],
});

it('a secret in a pasted CSV stays in the browser, and is in the nodes that are sent', () => {
  const { text, restored } = withoutTypedText(`id,host,model,args\na,h,m,--api-key hunter2 --x ${HF} --max-model-len 8192\n`);
  expect(text).toBe('id,host,model,args\na,h,m,--api-key ${typed_here_2} --x ${typed_here_1} --max-model-len 8192\n');
  const back = restored(answer(['--api-key', '${typed_here_2}', '--x', '${typed_here_1}'], '${typed_here_2}'));
  expect(back.nodes[0]?.node.models[0]?.args).toEqual(['--api-key', 'hunter2', '--x', HF]);
  expect([back.problems[0]?.params.token, back.commands[0]?.[1]]).toEqual(['••••••', '••••••']);
});

it('the same in pasted JSON, quotes and backslashes included', () => {
  const { text, restored } = withoutTypedText(JSON.stringify([{ id: 'a', models: { m: { args: ['--api-key', 'quo"ted\\'] } } }]));
  expect(JSON.parse(text)).toEqual([{ id: 'a', models: { m: { args: ['--api-key', '${typed_here_1}'] } } }]);
  expect(restored(answer(['--api-key', '${typed_here_1}'])).nodes[0]?.node.models[0]?.args).toEqual(['--api-key', 'quo"ted\\']);
});

it('flags without a value, tokenizers and references are left alone', () => {
  const csv = 'a,h,m,--api-key --tokenizer org/name --hf-token ${HF_TOKEN}';
  expect(withoutTypedText(csv).text).toBe(csv);
});
