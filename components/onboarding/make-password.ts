/** Without what is mistaken for another sign, and without what a shell or a form could change. */
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXZabcdefghijkmnopqrstuvwxz23456789';

/** A password of 24 signs by the browser's own source of randomness, about 138 bits. It never begins with `y` (measured 4). */
export function makePassword(length = 24): string {
  let password = '';
  while (password.length < length) {
    const [number = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Above the last whole multiple, some signs would come more often.
    if (number < 256 - (256 % SIGNS.length)) password += SIGNS[number % SIGNS.length];
  }
  return password;
}
