'use client';
/** `<GetTool release />` and `<MakeKey />`: the two command cards of the operator's own machine, for the system and the keyring that were chosen. */
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Card, CardBody } from '../ui/card.tsx';
import { CommandCard } from '../ui/command-card.tsx';
import { Segments } from '../ui/segments.tsx';
import { addKeyCommand, downloadCommand, expectedKeyOutput, type KeyringBackend, type LocalSystem, type Processor, releasePage, RELEASES, showKeyCommand, toolRelease, WSL_COMMAND } from './local-commands.ts';

const SYSTEMS = ['linux', 'macos', 'windows'] as const;
const NAMES: Record<LocalSystem, string> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };
/** What most machines of that system have. */
const USUAL: Record<LocalSystem, Processor> = { linux: 'amd64', macos: 'arm64', windows: 'amd64' };

/** `number`: its place where it is one of several. */
export function GetTool({ deployed, number }: { deployed?: string; number?: number }) {
  const t = useTranslations('accountKey.tool');
  const [system, setSystem] = useState<LocalSystem>('linux');
  const [chosen, setProcessor] = useState<Partial<Record<LocalSystem, Processor>>>({});
  const processor = chosen[system] ?? USUAL[system];
  const { release, from, old } = toolRelease(deployed);
  const outside = (href: string) => (chunks: React.ReactNode) => <a href={href} target="_blank" rel="noreferrer noopener" className="link underline underline-offset-2">{chunks}</a>;
  return (
    <Card title={number === undefined ? t('title') : `${number}. ${t('title')}`}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="max-w-prose text-lg text-ink-2">{t('intro')}</p>
        <div className="flex flex-wrap gap-3">
          <Segments label={t('system')} value={system} options={SYSTEMS.map((value) => ({ value, label: NAMES[value] }))} onChange={setSystem} />
          <Segments label={t('processor')} value={processor} options={(['amd64', 'arm64'] as const).map((value) => ({ value, label: t(`${system === 'macos' ? 'mac' : 'pc'}.${value}`) }))} onChange={(value) => setProcessor((was) => ({ ...was, [system]: value }))} />
        </div>
        {system === 'windows' && <CommandCard title={t('wsl.title')} text={WSL_COMMAND} note={<p>{t('wsl.text')}</p>} where="PowerShell" />}
        <CommandCard title={t('download', { release })} text={downloadCommand(system, processor, release)} where={system === 'windows' ? 'Ubuntu (WSL)' : undefined} note={
          <>
            <p>{t.rich(`from.${from}`, { release, page: outside(from === 'guide' ? RELEASES : releasePage(release)) })}</p>
            {old && <p>{t('old')}</p>}
            {system === 'macos' && <p>{t('macos')}</p>}
            <p className="text-sm text-ink-3">{t.rich('check', { page: outside(releasePage(release)) })}</p>
          </>
        } />
      </CardBody>
    </Card>
  );
}

export function MakeKey() {
  const t = useTranslations('accountKey.make');
  const [backend, setBackend] = useState<KeyringBackend>('file');
  return (
    <Card title={t('title')}>
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p className="max-w-prose text-lg text-ink-2">{t('intro')}</p>
        <div className="grid gap-2">
          <div><Segments label={t('keyring')} value={backend} options={[{ value: 'file', label: t('file.name') }, { value: 'os', label: t('os.name') }]} onChange={setBackend} /></div>
          <p className="text-base text-ink-2">{t(`${backend}.text`)}</p>
        </div>
        <CommandCard title={t('command')} text={addKeyCommand(backend)} expect={expectedKeyOutput(backend)} note={<><p>{t('mnemonic')}</p><p>{t('once')}</p></>} />
        <details>
          <summary className="w-fit text-base text-ink-2 hover:text-ink">{t('again')}</summary>
          <div className="mt-3"><CommandCard title={t('show')} text={showKeyCommand(backend)} note={<p>{t('showText')}</p>} /></div>
        </details>
      </CardBody>
    </Card>
  );
}
