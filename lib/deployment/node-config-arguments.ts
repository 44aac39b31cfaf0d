import { isFlag, modelArguments } from '#lib/core/model-arguments.ts';
import { PLACEHOLDER, type NodeConfigProblem } from './node-config-schema.ts';

/** The ML node counts GPUs by these two, in this spelling only (facts 3.1). */
const GPU_MATH: Record<string, string> = {
  '--tensor-parallel-size': '--tensor-parallel-size', '-tp': '--tensor-parallel-size', '--tp': '--tensor-parallel-size',
  '--pipeline-parallel-size': '--pipeline-parallel-size', '-pp': '--pipeline-parallel-size', '--pp': '--pipeline-parallel-size',
};
/** Other hosts validate the answers: what changes them may not be changed (facts 3.3, benchmark document). */
const CHANGES_OUTPUT = ['--kv-cache-dtype', '--max-model-len', '--speculative-model', '--dtype', '--quantization'];

type Given = { node: string; index: number; model: string; args: readonly string[]; /** Argument lists that are known to be right for this model. */ reference: readonly (readonly string[])[] };

/** Rules for the arguments of one model: one token an element, the spellings that the ML node and the api know. */
export function argumentProblems({ node, index, model, args, reference }: Given): NodeConfigProblem[] {
  const found: NodeConfigProblem[] = [];
  const add = (level: NodeConfigProblem['level'], code: string, token: number, params: NodeConfigProblem['params'] = {}): void => {
    found.push({ level, code, params: { node, model, token: args[token] ?? '', ...params }, node: index, field: 'models', model, token });
  };
  for (const [at, token] of args.entries()) {
    const problem = tokenProblem(token);
    if (problem) add(problem.level, problem.code, at, problem.params);
  }

  const seen = new Set<string>();
  for (const { flag, values, at } of modelArguments(args)) {
    if (flag === '') add('attention', 'node_arg_stray', at);
    else if (seen.has(flag)) add('attention', 'node_arg_twice', at, { flag });
    seen.add(flag);
    if (GPU_MATH[flag] === flag && !(values.length === 1 && /^[1-9]\d{0,3}$/.test(values[0] ?? ''))) add('broken', 'node_arg_number', at, { flag, value: values.join(' ') });
    const plain = flag.split('=')[0] ?? '';
    if (CHANGES_OUTPUT.includes(plain) && !reference.some((list) => hasArgument(list, flag, values))) add('attention', 'node_arg_changes_output', at, { flag: plain, value: values.join(' ') || (flag.split('=')[1] ?? '') });
  }
  return found;
}

/** What is wrong with one element by itself. */
function tokenProblem(token: string): Pick<NodeConfigProblem, 'level' | 'code' | 'params'> | undefined {
  const give = (level: NodeConfigProblem['level'], code: string, params: NodeConfigProblem['params'] = {}) => ({ level, code, params });
  if (PLACEHOLDER.test(token)) return give('broken', 'node_arg_placeholder');
  if (token.trim() === '') return give('attention', 'node_arg_empty');
  if (!isFlag(token)) return undefined;
  const [flag = '', value] = token.split(/=(.*)/s);
  const known = GPU_MATH[flag];
  // "--max-model-len 4096" in one element is an argument of that very name to the model server, which then ends.
  if (/\s/.test(flag)) return give('broken', 'node_arg_two_tokens', { flag: flag.split(/\s/)[0] ?? '', value: flag.split(/\s+/).slice(1).join(' ') });
  if (value !== undefined) return give(known ? 'broken' : 'attention', 'node_arg_joined', { flag: known ?? flag, value });
  if (known && known !== token) return give('broken', 'node_arg_short', { flag: known });
  return token.startsWith('--') ? undefined : give('attention', 'node_arg_dash');
}

const hasArgument = (list: readonly string[], flag: string, values: readonly string[]): boolean =>
  modelArguments(list).some((one) => one.flag === flag && one.values.join('\0') === values.join('\0'));
