import { CALL_TIMEOUT, engine, engineError } from './engine.ts';

/** Names of the networks that compose made for a project. Throws engine_*. */
export async function projectNetworks(project: string): Promise<string[]> {
  try {
    const found = (await engine().listNetworks({ filters: { label: [`com.docker.compose.project=${project}`] }, abortSignal: AbortSignal.timeout(CALL_TIMEOUT) } as never)) as unknown as { Name: string }[];
    return found.map((one) => one.Name);
  } catch (error) {
    throw engineError(error);
  }
}
