import { panelEnv } from '#lib/core/env.ts';
import { PanelError } from '#lib/core/errors.ts';
import { singleton } from '#lib/core/singleton.ts';
import { gitFailure, runGit } from '#lib/host/git.ts';

/** The branch that the quickstart clones: newer than any release, and another thing every day. */
export const MAIN = 'main';

/** `ref`: what is cloned, such as `release/v0.2.14`; `release`: `0.2.14`. */
export type UpstreamRelease = { ref: string; release: string };

/** How long one look serves all who ask, and how long a failure does (ms): a repository host is asked rarely. */
const FRESH_MS = 10 * 60_000;
const FAILED_MS = 20_000;
const TIMEOUT_MS = 30_000;

/** Tags of releases, not of trials (`-alpha1`, `-debug`): `release/v0.2.14`, `release/v0.2.15-post5`. */
const RELEASE = /^(?:release\/)?v?(\d+\.\d+\.\d+(?:-post\d+)?)$/;

/** A name that may be asked for: a release's tag or `main`. */
export const isUpstreamRef = (ref: string): boolean => ref === MAIN || RELEASE.test(ref);

/** `0.2.14` of `release/v0.2.14`; undefined for `main` and what is no release. */
export const releaseOfRef = (ref: string): string | undefined => RELEASE.exec(ref)?.[1];

/** Releases of a `git ls-remote --tags` answer, newest first. */
export function releasesIn(answer: string): UpstreamRelease[] {
  const found = new Map<string, UpstreamRelease>();
  for (const line of answer.split('\n')) {
    const ref = /^[0-9a-f]{40,64}\trefs\/tags\/(.+?)(?:\^\{\})?$/.exec(line.trim())?.[1];
    const release = ref && releaseOfRef(ref);
    if (ref && release && !found.has(release)) found.set(release, { ref, release });
  }
  return [...found.values()].sort((a, b) => order(b.release).localeCompare(order(a.release)));
}

const order = (release: string): string => (release.match(/\d+/g) ?? []).map((part) => part.padStart(6, '0')).join('.');

type Look = { at: number; answer: Promise<UpstreamRelease[]>; failed?: true };

/** Releases that can be had from the repository, newest first, and when it was asked (ms). Throws git_*. */
export async function upstreamReleases(): Promise<{ releases: UpstreamRelease[]; at: number }> {
  const held = singleton('deployment.upstream-releases', (): { look?: Look } => ({}));
  const age = held.look ? Date.now() - held.look.at : Number.POSITIVE_INFINITY;
  if (!held.look || age > (held.look.failed ? FAILED_MS : FRESH_MS)) {
    const look: Look = { at: Date.now(), answer: ask() };
    look.answer.catch(() => {
      look.failed = true;
    });
    held.look = look;
  }
  const { look } = held;
  return { releases: await look.answer, at: look.at };
}

async function ask(): Promise<UpstreamRelease[]> {
  const { repository } = panelEnv();
  const result = await runGit(['ls-remote', '--tags', '--', repository], { timeoutMs: TIMEOUT_MS });
  if (result.exitCode !== 0) throw gitFailure(result, { repository, release: '-' });
  const releases = releasesIn(result.stdout);
  if (releases.length === 0) throw new PanelError('git_no_releases', { repository }, { status: 502 });
  return releases;
}
