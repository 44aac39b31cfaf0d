import { PanelError } from '#lib/core/errors.ts';
import { type ComposeProject, runCompose } from '#lib/docker/compose.ts';

const RECREATED = /\bContainer (\S+)\s+Recreate\b/;

/**
 * Names of the containers that this `up …` would replace, by compose's own dry run. Comparing `config --hash` with the
 * containers' labels doesn't tell: compose 2.26 hashes `depends_on` too, and drops from it what `--no-deps` leaves out,
 * so a node that was recreated alone differs from one that was started together with tmkms.
 * Only with images that are here: a dry run asks the registry for others. Throws operation_command_failed, compose_*.
 */
export async function wouldRecreate(project: ComposeProject, upArgs: string[]): Promise<Set<string>> {
  const names = new Set<string>();
  let last = '';
  const result = await runCompose(project, ['--dry-run', ...upArgs], {
    timeoutMs: 60_000,
    onLine(line) {
      const name = RECREATED.exec(line)?.[1];
      if (name) names.add(name);
      if (line.trim() && !line.includes('level=warning')) last = line.trim();
    },
  });
  if (result.exitCode !== 0) throw new PanelError('operation_command_failed', { exit: result.exitCode ?? result.signal ?? '?', detail: last.slice(0, 400) }, { status: 502 });
  return names;
}
