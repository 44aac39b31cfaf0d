'use client';
/** The directory in use: which release it is, by images and by git, and what was changed in it. It is only read. */
import { useTranslations } from 'next-intl';
import { DeploymentProblems } from '../deployment/deployment-problems.tsx';
import { Card, CardBody } from '../ui/card.tsx';
import { Tag } from '../ui/chip.tsx';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { useList } from '../ui/use-list.ts';
import type { DeploymentStepNow, GitState } from './deployment-step-data.ts';
import { isSameRelease } from './same-release.ts';

type Current = NonNullable<DeploymentStepNow['current']>;

export function CurrentFiles({ current, git, at, fixed }: { current: Current; git?: GitState; at: number; fixed?: string }) {
  const t = useTranslations('deploymentStep');
  const list = useList();
  const deployment = useTranslations('deployment');
  // What is wrong with values is the next step's.
  const files = current.problems.filter(({ code }) => /^(?:compose_|release_|mount_)/.test(code));
  return (
    <>
      <Card title={t('here')}>
        <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <code className="min-w-0 text-lg font-semibold break-all">{current.dir}</code>
            {current.release && <Tag>{deployment('release', { release: current.release })}</Tag>}
          </div>
          <p className="text-base break-words text-ink-2">{deployment('contains', { count: current.services.length, services: list(current.services) })}</p>
          {fixed && <p className="text-base break-words text-ink-2">{deployment('fixed.title', { dir: fixed })}. {deployment('fixed.text')}</p>}
          {git && <Git git={git} release={current.release} at={at} />}
          <p className="text-sm text-ink-3">{t('untouched')}</p>
        </CardBody>
      </Card>
      <DeploymentProblems problems={files} />
    </>
  );
}

function Git({ git, release, at }: { git: GitState; release?: string; at: number }) {
  const t = useTranslations('deploymentStep.git');
  if (git.state === 'none') return <State state="unknown">{t('none')}</State>;
  if (git.state === 'unknown') return <State state="unknown">{t('unknown', { why: git.why })}</State>;
  const differs = git.release !== undefined && release !== undefined && !isSameRelease(git.release, release);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Evidence source={`git, ${git.root}`} at={at} raw={`${git.commit}\n${git.names.join('\n')}`} className="justify-self-start">
        <State state={git.count === 0 ? 'ok' : 'attention'}>{git.count === 0 ? t('clean', { name: git.names.at(-1) ?? git.commit.slice(0, 12) }) : t('changed', { count: git.count, name: git.names.at(-1) ?? git.commit.slice(0, 12) })}</State>
      </Evidence>
      {differs && <p className="text-base text-ink-2">{t('differs', { tag: git.release as string, images: release as string })}</p>}
      {git.files.length > 0 && (
        <details className="text-base">
          <summary className="cursor-pointer py-1 font-medium">{t('files', { count: git.count })}</summary>
          <ul className="grid gap-1 pt-1">
            {git.files.map(({ file, added, removed }) => <li key={file} className="flex flex-wrap gap-x-3"><code className="break-all">{file}</code><span className="num text-sm text-ink-3">{added === undefined ? t('binary') : t('lines', { added, removed: removed ?? 0 })}</span></li>)}
          </ul>
        </details>
      )}
    </div>
  );
}
