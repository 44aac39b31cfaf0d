import { askProgram } from './ask-program.ts';

/** What systemd says of the clock. `service`: a service keeps it in step; `synced`: it has done so. `why` = a reason it can't be told: no systemd here, or no answer. */
export type ClockSync = { synced: boolean; service: boolean } | { why: 'absent' | 'silent' };

const TIMEOUT_MS = 5_000;

/** Asks `timedatectl show`. In a container there is no systemd to ask: then it is unknown, not wrong. Never throws. `command` is for tests. */
export async function clockSync({ command = 'timedatectl', timeoutMs = TIMEOUT_MS }: { command?: string; timeoutMs?: number } = {}): Promise<ClockSync> {
  const answer = await askProgram(command, ['show', '--property=NTP', '--property=NTPSynchronized'], timeoutMs);
  if (answer.end !== 'done') return { why: answer.end === 'absent' ? 'absent' : 'silent' };
  const value = (name: string) => new RegExp(`^${name}=(yes|no)$`, 'm').exec(answer.out)?.[1];
  const synced = value('NTPSynchronized');
  return answer.exit === 0 && synced ? { synced: synced === 'yes', service: value('NTP') === 'yes' } : { why: 'silent' };
}
