'use client';
import { useState } from 'react';
import { usePanelData } from '../ui/panel-data.ts';
import type { OnboardingNow } from './onboarding-data.ts';

/** The steps and the prerequisites; `again` measures the machine anew and shows what came out, with `containers` also what only a container can prove. */
export function useOnboarding() {
  const { data, error, reload } = usePanelData<OnboardingNow>('/api/onboarding', { every: 10_000 });
  const [checking, setChecking] = useState(false);
  const again = async (containers = false) => {
    setChecking(true);
    if (containers) await fetch('/api/onboarding/probes', { method: 'POST', headers: { accept: 'application/json' } }).catch(() => undefined);
    // The shared look is renewed by this answer; what it says, the next reading says too.
    await fetch('/api/onboarding?again=1', { headers: { accept: 'application/json' } }).catch(() => undefined);
    await reload();
    setChecking(false);
  };
  return { now: data, error, checking, again };
}
