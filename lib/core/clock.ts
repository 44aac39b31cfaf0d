/** Milliseconds since 1970. The one place that asks for the time, so that a test can move it. */
export const clock = { now: (): number => Date.now() };
