import { type Container, removeContainer } from '#lib/docker/client.ts';
import type { OutputWriter } from './output-writer.ts';

/**
 * A container that compose made to replace another (`<id of the old one>_<name>`) and never came to start: it was cut off
 * in between. It has never run and holds nothing.
 */
export const isLeftOver = (one: Container): boolean => one.state === 'created' && one.startedAt === undefined && /^[0-9a-f]{12}_/.test(one.name);

/** Removes them, volumes kept: compose 2.26 wants the same name for its next replacement, and fails on it. */
export async function removeLeftOvers(containers: Container[], output: OutputWriter): Promise<void> {
  for (const one of containers.filter(isLeftOver)) {
    await removeContainer(one.id);
    output.say({ code: 'left_over_removed', params: { container: one.name } });
  }
}
