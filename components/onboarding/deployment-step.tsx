'use client';
/** `<DeploymentStep choose onChanged />`: the deployment files, by choosing a directory that is here or by cloning a release. */
import { useTranslations } from 'next-intl';
import { useActionState, useEffect, useState } from 'react';
import { Candidates, Typed } from '../deployment/choose-directory.tsx';
import type { ChooseAction } from '../deployment/deployment-page.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { Loading, SkeletonRows } from '../ui/skeleton.tsx';
import { Card } from '../ui/card.tsx';
import { CurrentFiles } from './current-files.tsx';
import type { DeploymentStepNow } from './deployment-step-data.ts';
import { GetFiles } from './get-files.tsx';

export function DeploymentStep({ choose, onChanged }: { choose: ChooseAction; onChanged: () => void }) {
  const t = useTranslations('deploymentStep');
  const shell = useTranslations('shell');
  const { data: now, error, reload } = usePanelData<DeploymentStepNow>('/api/onboarding/deployment', { every: 15_000 });
  const [changing, setChanging] = useState(false);
  const [state, act, busy] = useActionState(choose, {});
  const changed = () => {
    setChanging(false);
    void reload();
    onChanged();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each choice
  useEffect(() => {
    if (state.done) changed();
  }, [state]);

  if (!now) return error ? <ErrorNotice error={error} /> : <Loading label={shell('loading')}><Card title={t('here')}><SkeletonRows rows={4} /></Card></Loading>;
  const { current } = now;
  const choosing = !current || changing;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {now.currentError && <ErrorNotice error={now.currentError} />}
      {current && <CurrentFiles current={current} git={now.git} at={now.at} fixed={now.fixed} />}
      {current && !now.fixed && <div><Button className="max-sm:min-h-11" onClick={() => setChanging(!changing)} aria-expanded={changing}>{changing ? shell('cancel') : t('other')}</Button></div>}
      {choosing && !now.fixed && now.candidates.length > 0 && <Candidates now={now} act={act} busy={busy} state={state} />}
      {choosing && <GetFiles now={now} onDone={changed} />}
      {choosing && !now.fixed && <Typed act={act} busy={busy} state={state} listed={now.candidates.some((one) => one.dir === state.dir)} />}
    </>
  );
}
