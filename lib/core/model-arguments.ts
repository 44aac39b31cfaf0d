/*
 * Arguments of a model server as they stand in node-config.json, in governance and in the api's own list: an array of
 * tokens, one token an element. Read here the way the api merges them and the ML node counts GPUs (facts 3.1).
 */

/** One argument: its flag with the dashes (`--tensor-parallel-size`), the tokens after it, and where it begins. */
export type ModelArgument = { flag: string; values: string[]; at: number };

const NUMBER = /^-\d/;

/** True for a token that begins an argument; `-1` is a value. */
export const isFlag = (token: string): boolean => token.length > 1 && token.startsWith('-') && !NUMBER.test(token);

/** Groups tokens into arguments. Tokens before the first flag are an argument with an empty flag. */
export function modelArguments(tokens: readonly string[]): ModelArgument[] {
  const found: ModelArgument[] = [];
  tokens.forEach((token, at) => {
    if (isFlag(token)) found.push({ flag: token, values: [], at });
    else {
      const last = found.at(-1);
      if (last) last.values.push(token);
      else found.push({ flag: '', values: [token], at });
    }
  });
  return found;
}

/** The value of a flag as the ML node reads it: the token after its first appearance. Undefined when it isn't there. */
export function argumentValue(tokens: readonly string[], flag: string): string | undefined {
  const at = tokens.indexOf(flag);
  return at < 0 ? undefined : tokens[at + 1];
}

/**
 * What the model server gets: governance's arguments, then the local ones whose flag governance doesn't have
 * (facts 3.1: `MergeModelArgs`). `dropped` are the local arguments that therefore have no effect.
 */
export function mergedArguments(governance: readonly string[], local: readonly string[]): { tokens: string[]; dropped: ModelArgument[] } {
  const taken = new Set(modelArguments(governance).map(({ flag }) => flag));
  const own = modelArguments(local);
  const isDropped = ({ flag }: ModelArgument): boolean => flag.startsWith('--') && taken.has(flag);
  return {
    tokens: [...governance, ...own.filter((one) => !isDropped(one)).flatMap(({ flag, values }) => (flag ? [flag, ...values] : values))],
    dropped: own.filter(isDropped),
  };
}
