/**
 * Standard input, line by line, as the Cosmos SDK reads answers from it: trimmed, and what has no line end isn't a line (`EOF`).
 * It waits for the next line only: a caller that leaves stdin open isn't waited for.
 */
export class StdinLines {
  #chunks: AsyncIterator<string> | undefined;
  #buffer = '';

  /** The next line, undefined at the end of the input. */
  async next(): Promise<string | undefined> {
    this.#chunks ??= process.stdin.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
    while (!this.#buffer.includes('\n')) {
      const { value, done } = await this.#chunks.next();
      if (done) return undefined;
      this.#buffer += value;
    }
    const end = this.#buffer.indexOf('\n');
    const line = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end + 1);
    return line.trim();
  }

  /** Lets the program end although somebody still holds its stdin open. */
  close(): void {
    if (this.#chunks) process.stdin.destroy();
  }
}

/** Prompts appear on a terminal only (measured 1). STANDIN_TERMINAL plays one where there is none: operator-machine.ts. */
export function prompt(text: string): void {
  if (process.stdin.isTTY || process.env.STANDIN_TERMINAL) process.stderr.write(`${text}${process.stdin.isTTY ? '' : '\n'}`);
}
