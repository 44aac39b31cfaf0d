import type { Readiness } from '#lib/onboarding/service-readiness.ts';
import type { ShownError } from '../ui/error-notice.tsx';

export type { Readiness } from '#lib/onboarding/service-readiness.ts';

/** `GET /api/onboarding/launch`; services in the order of the compose files. `at` in ms. */
export type LaunchNow = { at: number; services: Readiness[]; error?: ShownError; engineError?: ShownError };
