import { redirect } from 'next/navigation';
import { requireSession } from '#lib/access/session.ts';
import { onboardingNow } from '../../api/onboarding/onboarding-now.ts';

/** Onboarding opens at the first step whose evidence is missing, whoever did the others. */
export default async function Onboarding() {
  await requireSession();
  const { landing } = await onboardingNow();
  redirect(`/onboarding/${landing}`);
}
