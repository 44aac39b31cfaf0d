'use client';
import { useState } from 'react';
import type { ShownError } from '../ui/error-notice.tsx';

type Around = { onClose: () => void; reload: () => void };

/** What a dialog of an exit sends: busy meanwhile, closed when it was taken, otherwise why it wasn't (`send` gives the failure). The page is read again either way. */
export function useSend(send: () => Promise<ShownError | undefined>, { onClose, reload }: Around): { busy: boolean; error: ShownError | undefined; go: () => Promise<void> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ShownError>();
  const go = async () => {
    setBusy(true);
    const failed = await send();
    setBusy(false);
    setError(failed);
    reload();
    if (!failed) onClose();
  };
  return { busy, error, go };
}
