/** What was typed as a JSON integer; nothing, or nonsense, is 0 (the rules then say what is wrong with it). */
export function wholeNumber(text: string): number {
  const value = Math.trunc(Number(text));
  return Number.isSafeInteger(value) ? value : 0;
}
