import { requireSession } from '#lib/access/session.ts';
import type { ServicesUse } from '#components/services/services-data.ts';
import { clock } from '#lib/core/clock.ts';
import { singleton } from '#lib/core/singleton.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { StatsReader } from '#lib/docker/stats.ts';
import { deploymentNow } from '../../deployment-now.ts';
import { answer } from '../../operations/answer.ts';

const PARALLEL = 4;

/** What the deployment's running containers use now: processor and memory, read while somebody asks. `?service=`: of one. */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  const wanted = new URL(request.url).searchParams.get('service');
  return answer(async (): Promise<ServicesUse> => {
    const [{ containers }, { deployment }] = await Promise.all([engineWatch().snapshot(), deploymentNow()]);
    const running = containers.filter((one) => deployment && one.project === deployment.project.name && one.service && (!wanted || one.service === wanted) && !one.oneOff && one.state === 'running');
    const reader = singleton('services.stats', () => new StatsReader());
    const use: ServicesUse['use'] = {};
    for (let at = 0; at < running.length; at += PARALLEL) {
      await Promise.all(running.slice(at, at + PARALLEL).map(async ({ id, service }) => {
        const stats = await reader.read(id);
        if (stats && service) use[service] = { cpuPercent: stats.cpuPercent, memory: stats.memory, memoryLimit: stats.memoryLimit };
      }));
    }
    return { at: clock.now(), use };
  });
}
