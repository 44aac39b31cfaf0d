import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/**
 * Keeps what vitest's own report lacks, for the end of `npm test`: errors outside of any test, files that could not be
 * run, and tests that passed only at a second try. Written to UNHANDLED_REPORT as `{errors, flaky}`.
 */
export default class UnhandledReporter implements Reporter {
  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, unhandled) => {
    const errors = [
      ...unhandled.map((error) => [error.type, error.stack ?? `${error.name}: ${error.message}`, error.VITEST_TEST_PATH, error.VITEST_TEST_NAME].filter(Boolean).join('\n')),
      ...modules.flatMap((module) => module.errors().map((error) => `${module.moduleId}\n${error.stack ?? error.message}`)),
    ];
    const flaky = modules.flatMap((module) => [...module.children.allTests()].filter((test) => test.diagnostic()?.flaky).map((test) => `${test.fullName}\n${test.result().errors?.[0]?.stack ?? ''}`));
    writeFileSync(process.env.UNHANDLED_REPORT as string, JSON.stringify({ errors, flaky }));
  };
}
