import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { OnboardingPage } from '#components/onboarding/onboarding-page.tsx';
import { requireSession } from '#lib/access/session.ts';
import { isStep } from '#lib/onboarding/schema.ts';
import { choose } from '../../deployment/actions.ts';

type Props = { params: Promise<{ step: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { step } = await params;
  const t = await getTranslations('onboarding');
  return { title: isStep(step) ? t(`steps.${step}.title`) : t('title') };
}

export default async function OnboardingStep({ params }: Props) {
  await requireSession();
  const { step } = await params;
  if (!isStep(step)) redirect('/onboarding');
  return <OnboardingPage step={step} choose={choose} />;
}
