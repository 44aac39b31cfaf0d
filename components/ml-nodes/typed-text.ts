import { isSecretArgument, replaceSecrets } from '../../guard/secret-arguments.ts';
import { MARK } from '../node-config/typed-secrets.ts';
import type { MlNodesCheck } from './ml-nodes-data.ts';

/** `--api-key value`, as a CSV has it. */
const ARGUMENT = /(?<![\w-])(--?[A-Za-z][\w.-]*)(=|[ \t]+)([^\s,;"'-][^\s,;"']*)/g;
/** Reads as a reference, so nobody takes it for a secret or a placeholder; holds no blank, so a CSV's argument stays one. */
const MARKED = /\$\{typed_here_(\d+)\}/g;

/**
 * Pasted text of many nodes with a mark for each secret in it: what checks the rest needs none. `restored` puts them into the
 * nodes of the answer, which are then the ones to send.
 */
export function withoutTypedText(text: string): { text: string; restored: (answer: MlNodesCheck) => MlNodesCheck } {
  const typed: string[] = [];
  const mark = (secret: string) => {
    if (/^\$\{\w+\}$/.test(secret)) return secret;
    if (!typed.includes(secret)) typed.push(secret);
    return `\${typed_here_${typed.indexOf(secret) + 1}}`;
  };
  const hidden = replaceSecrets(text, (secret) => mark(unescaped(secret))).replace(ARGUMENT, (whole, name: string, between: string, value: string) => (isSecretArgument(name) ? name + between + mark(value) : whole));
  const put = <T>(value: T, back: (secret: string) => string): T => JSON.parse(JSON.stringify(value).replace(MARKED, (token, number: string) => {
    const secret = typed[Number(number) - 1];
    return secret === undefined ? token : JSON.stringify(back(secret)).slice(1, -1);
  })) as T;
  return {
    text: hidden,
    restored: (answer) => ({ ...put({ ...answer, nodes: [] }, () => MARK), nodes: put(answer.nodes, (secret) => secret) }),
  };
}

function unescaped(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}
