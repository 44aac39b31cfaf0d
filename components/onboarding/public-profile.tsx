'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card } from '../ui/card.tsx';
import { CommandCard } from '../ui/command-card.tsx';
import { Field, Input } from '../ui/field.tsx';
import { type Profile, profileCommand, profileProblems } from './profile-command.ts';

const FIELDS = ['moniker', 'website', 'identity'] as const;
const GUIDE = 'https://gonka.ai/host/validator_info/';
const NODE = 'http://node2.gonka.ai:8000';

/** Name, website and picture that others see of this host: a command for the machine with the account key. Nothing typed here is sent. */
export function PublicProfile({ seedUrl }: { seedUrl?: string }) {
  const t = useTranslations('onboarding.profile');
  const [profile, setProfile] = useState<Profile>({ moniker: '', website: '', identity: '' });
  const problems = profileProblems(profile);
  const node = seedUrl ?? NODE;
  const command = profileCommand(profile, node);
  return (
    <Card>
      <details>
        <summary className="cursor-pointer px-4 py-3 text-base font-medium sm:px-4.5">{t('title')}</summary>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 px-4 pb-4 sm:px-4.5">
          <p className="max-w-[70ch] text-base text-ink-2">{t('text')}</p>
          <div className="grid gap-4 sm:grid-cols-3">
            {FIELDS.map((name) => (
              <Field key={name} label={t(`${name}.label`)} help={t(`${name}.help`)} error={problems[name] && t(problems[name] as never)}>
                {(a) => <Input {...a} value={profile[name]} maxLength={140} autoComplete="off" onChange={(event) => setProfile({ ...profile, [name]: event.target.value.trimStart() })} />}
              </Field>
            ))}
          </div>
          {command ? <CommandCard title={t('command')} text={command} note={<p>{t('signed')}</p>} /> : <p className="text-base text-ink-3">{t('fill')}</p>}
          <p className="flex flex-wrap gap-x-4 gap-y-1 text-base">
            <a href={GUIDE} target="_blank" rel="noreferrer" className="link inline-flex min-h-6 items-center">{t('guide')}</a>
            <a href={`${node.replace(/\/+$/, '')}/dashboard/gonka/validator`} target="_blank" rel="noreferrer" className="link inline-flex min-h-6 items-center">{t('dashboard')}</a>
          </p>
        </div>
      </details>
    </Card>
  );
}
