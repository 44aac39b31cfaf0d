import pino from 'pino';
import { redact } from './redact.ts';
import { singleton } from './singleton.ts';

/** The panel's own log: JSON lines on stdout, each through the redactor. */
export const log = singleton('log', () =>
  pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line: string) => void process.stdout.write(redact(line)) }),
);
