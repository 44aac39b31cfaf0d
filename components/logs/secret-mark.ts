/** What the server puts where a secret stood; the same as in lib/core/redact.ts (its test compares them). */
export const SECRET_MARK = '••••••';
