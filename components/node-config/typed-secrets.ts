import { replaceSecrets } from '../../guard/secret-arguments.ts';
import type { NodeConfigAnswer, NodeConfigQuestion } from './node-config-data.ts';

const TYPED = /⟪new (\d+)⟫/g;
export const MARK = '••••••';

/** Takes the secrets that were typed out of JSON text, `⟪new N⟫` for each, and puts them back. */
export function typedSecrets() {
  const typed: string[] = [];
  return {
    hide: (json: string) => replaceSecrets(json, (secret) => {
      if (!typed.includes(secret)) typed.push(secret);
      return `⟪new ${typed.indexOf(secret) + 1}⟫`;
    }),
    put: (json: string, back = (secret: string) => secret) => json.replace(TYPED, (token, number: string) => (typed[Number(number) - 1] === undefined ? token : back(typed[Number(number) - 1] as string))),
  };
}

/**
 * The question to the check with `⟪new N⟫` for each secret that was typed: what checks the rest needs none, so it isn't
 * sent for that and doesn't come back. `restored` puts them into the nodes and the text of the answer.
 */
export function withoutTyped(question: NodeConfigQuestion): { question: NodeConfigQuestion; restored: (answer: NodeConfigAnswer) => NodeConfigAnswer } {
  const { hide, put } = typedSecrets();
  const masked: NodeConfigQuestion = 'text' in question
    ? { ...question, text: hide(question.text) }
    : { ...question, entries: JSON.parse(hide(JSON.stringify(question.entries))), ...(question.base === undefined ? {} : { base: hide(question.base) }) };
  return {
    question: masked,
    restored: (answer) => ({
      ...answer,
      text: put(answer.text),
      entries: JSON.parse(put(JSON.stringify(answer.entries))),
      problems: JSON.parse(put(JSON.stringify(answer.problems), () => MARK)),
    }),
  };
}
