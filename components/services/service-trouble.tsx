'use client';
/** Why a service that doesn't stay up ended, in words: its exit code, and what its last lines give away. */
import { useTranslations } from 'next-intl';
import { Notice } from '../ui/notice.tsx';
import { usePanelData } from '../ui/panel-data.ts';
import { At } from '../ui/time-ago.tsx';
import { exitWords } from './exit-words.ts';
import type { ServiceContainer, ServiceProblems, ServiceRow } from './services-data.ts';

export function ServiceTrouble({ service, container, looping }: { service: ServiceRow; container: ServiceContainer; looping: boolean }) {
  const t = useTranslations('services');
  const known = useTranslations('onboarding.problems');
  const ended = looping || container.state === 'exited' || container.state === 'dead';
  const { data } = usePanelData<ServiceProblems>(ended ? `/api/services/${encodeURIComponent(service.name)}/problems` : null, { every: 15_000 });
  if (!ended) return null;
  const exit = exitWords(container);
  // A stop that was asked for is no trouble: what it means is said by the exit code alone.
  const stopped = !looping && (exit?.key === 'terminated' || exit?.key === 'ended');
  return (
    <>
      <Notice state={stopped ? 'attention' : 'broken'} title={looping ? t('trouble.loop', { restarts: container.restarts }) : t('trouble.ended', { code: container.exitCode ?? '–' })}>
        {exit && <p>{t(`exit.${exit.key}` as never, { signal: exit.signal ?? 0 } as never)}</p>}
        {looping && <p>{t('trouble.loopText')}</p>}
        {data && !stopped && data.problems.length === 0 && <p>{t('trouble.noneKnown')}</p>}
      </Notice>
      {!stopped && data?.problems.map((problem) => (
        <Notice key={problem.code} state="broken" title={known(`${problem.code}.what` as never, problem.params as never)}>
          <p>{known(`${problem.code}.next` as never, problem.params as never)}</p>
          <pre className="mt-1 text-sm break-words whitespace-pre-wrap text-ink-2"><At at={problem.at} seconds /> {problem.line}</pre>
        </Notice>
      ))}
    </>
  );
}
