import type { ShownError } from '../ui/error-notice.tsx';
import { RequestFailed, sendPanel } from '../ui/panel-data.ts';

/** The failure, or undefined when it was taken. */
export async function send(url: string, body: unknown = {}): Promise<ShownError | undefined> {
  try {
    await sendPanel(url, body);
    return undefined;
  } catch (error) {
    return error instanceof RequestFailed ? error.shown : { code: 'panel_unreachable' };
  }
}
