/** What a program name or an image of the stand-in runs: the first word says it. */
import { basename } from 'node:path';

const [, called = '', ...args] = process.argv;

const program = basename(called);
if (program === 'standin') await (await import('./roles.ts')).runImage();
else {
  const { runProgram } = await import('./programs.ts');
  process.exitCode = await runProgram(program, args);
}
