import { requireSession } from '#lib/access/session.ts';
import type { ServiceProblems } from '#components/services/services-data.ts';
import { clock } from '#lib/core/clock.ts';
import { engineWatch } from '#lib/docker/engine-watch.ts';
import { lastLines } from '#lib/docker/last-lines.ts';
import { serviceName } from '#lib/operations/schema.ts';
import { knownProblems } from '#lib/watch/known-problems.ts';
import { deploymentNow } from '../../../deployment-now.ts';
import { answer } from '../../../operations/answer.ts';

const TAIL = 300;

/** What the last lines of a service that has ended give away, of problems that are known (facts 13). */
export async function GET(_request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  await requireSession();
  return answer(async (): Promise<ServiceProblems> => {
    const name = serviceName.parse((await params).name);
    const [{ containers }, { deployment }] = await Promise.all([engineWatch().snapshot(), deploymentNow()]);
    const service = deployment?.services.find((one) => one.name === name);
    const container = containers.find((one) => deployment && one.project === deployment.project.name && one.service === name && !one.oneOff);
    if (!service || !container) return { at: clock.now(), problems: [] };
    const found = knownProblems(service.role, await lastLines(container, { tail: TAIL }));
    return { at: clock.now(), problems: found.map(({ code, params: values, line, at }) => ({ code, params: values, line, at })) };
  });
}
