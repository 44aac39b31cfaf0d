/** Below this compose doesn't know `!override`: ports of a later file are added to those of the earlier one, and bound twice (product S2). */
export const OVERRIDE_SINCE = '2.24.4';

/** Whether a version such as `2.26.1` is this one or a later one. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, wanted] = [version, least].map((one) => one.split('.').map(Number)) as [number[], number[]];
  for (const [index, part] of wanted.entries()) if ((have[index] ?? 0) !== part) return (have[index] ?? 0) > part;
  return true;
}
