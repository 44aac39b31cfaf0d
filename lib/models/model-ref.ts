/** A model as the ML node loads it: its repository at the hub, and the revision when the arguments name one. */
export type ModelRef = { model: string; revision?: string };

/** An id that is a path somewhere else is none. */
export const MODEL_ID = /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/;
export const REVISION = /^[A-Za-z0-9][\w.-]{0,99}$/;
