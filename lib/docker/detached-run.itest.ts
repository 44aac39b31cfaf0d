import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUSYBOX_IMAGE, ensureBusyboxImage } from '../../scripts/machine/busybox-image.mjs';
import { detachedOutput, endDetached, findDetached, startDetached } from './detached-run.ts';

const NAME = `gp-detached-${process.pid}`;
const end = async () => {
  const left = await findDetached(NAME);
  if (left) await endDetached(left.id, 0);
};
beforeAll(() => ensureBusyboxImage(process.env));
afterAll(end);

it('every line of a detached run came several times, with the other stream and the engine’s frames among it', async () => {
  const script = 'echo one; echo two >&2; printf "10%%\\r90%%\\n" >&2; echo 三; exit 3';
  await startDetached({ name: NAME, image: BUSYBOX_IMAGE, argv: ['/bin/busybox', 'sh', '-c', script], binds: [], env: {}, network: 'none' });
  let run = await findDetached(NAME);
  while (run?.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    run = await findDetached(NAME);
  }
  expect(run).toMatchObject({ state: 'exited', exitCode: 3 });
  expect(await detachedOutput(run?.id as string, 40)).toEqual([
    { stream: 'stderr', line: 'two' }, { stream: 'stderr', line: '90%' }, { stream: 'stdout', line: 'one' }, { stream: 'stdout', line: '三' },
  ]);
});
