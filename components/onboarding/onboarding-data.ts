import type { PrerequisiteRow } from '#lib/onboarding/prerequisite-facts.ts';
import type { Step, StepName } from '#lib/onboarding/schema.ts';

export type { PrerequisiteRow, RowState } from '#lib/onboarding/prerequisite-facts.ts';
export type { Evidence, Step, StepName } from '#lib/onboarding/schema.ts';

/** `GET /api/onboarding`. */
export type OnboardingNow = {
  /** Milliseconds. */
  at: number;
  steps: Step[];
  /** The step to open: the first one whose evidence is missing. */
  landing: StepName;
  finished: boolean;
  rows: PrerequisiteRow[];
  /** When the machine was measured. */
  measuredAt: number;
};
