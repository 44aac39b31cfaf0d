/** A page isn't kept waiting for a slow registry or hub: the next look has the answer. */
const WAIT_MS = 2_000;

/** What was asked for, or `otherwise` where it takes longer than a page waits; the answer is kept for whoever asks next. */
export function soon<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS, otherwise);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
