/**
 * An expected failure that a person reads. `code` names a text in `messages/*.json` under `errors.<code>`
 * (`what`, `means`, `next`); `params` fill its placeholders and never carry a secret.
 * Anything else that is thrown is a defect: the person gets an event id, the log the details.
 */
export class PanelError extends Error {
  readonly name = 'PanelError';
  readonly code: string;
  readonly params: Record<string, string | number>;
  /** HTTP status that a route answers with. */
  readonly status: number;

  constructor(code: string, params: Record<string, string | number> = {}, options: { status?: number; cause?: unknown } = {}) {
    super(`${code} ${JSON.stringify(params)}`, { cause: options.cause });
    this.code = code;
    this.params = params;
    this.status = options.status ?? 400;
  }
}

/** By shape, not by `instanceof`: the gate's and Next's bundles have a class each. */
export function isPanelError(error: unknown): error is PanelError {
  return error instanceof Error && error.name === 'PanelError' && typeof (error as PanelError).code === 'string';
}
