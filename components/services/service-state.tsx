'use client';
import { useTranslations } from 'next-intl';
import { Evidence } from '../ui/evidence.tsx';
import { State } from '../ui/state.tsx';
import { useTick } from '../ui/tick.ts';
import { rawState } from './container-state.ts';
import { rawAnswer, serviceWords } from './service-words.ts';
import type { EngineNow, ServiceContainer, ServiceRole, Witness } from './services-data.ts';

type Props = { container: ServiceContainer | undefined; engine: EngineNow; at: number; enabled?: boolean; role?: ServiceRole; witness?: Witness };

/** A service's state in words; a click shows the engine's own facts. */
export function ServiceState({ container, engine, at, enabled = true, role = 'other', witness }: Props) {
  const t = useTranslations('services');
  const now = useTick(5000);
  const proves = useTranslations('services.proves');
  const words = serviceWords(role, container, now, engine.state === 'ok', witness);
  if (!enabled && !container) return <span className="text-sm text-ink-3">{t('word.off')}</span>;
  // What the word does and doesn't prove.
  const note = proves.has(words.word as never) ? proves(words.word as never) : undefined;
  return (
    <Evidence source={engine.state === 'ok' ? t('engineSource', { version: engine.version }) : engine.socket} at={at} raw={[rawAnswer(role, witness), rawState(container)].filter(Boolean).join('\n') || undefined} note={note}>
      <State state={words.state}>{t(`word.${words.word}` as never, words.params as never)}</State>
    </Evidence>
  );
}
