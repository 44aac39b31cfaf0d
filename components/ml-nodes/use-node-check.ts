'use client';
import { useCallback, useEffect, useState } from 'react';
import type { CheckInput } from '#lib/operations/ml-nodes/schema.ts';
import type { ShownError } from '../ui/error-notice.tsx';
import { checkNodes } from './ml-nodes-client.ts';
import type { MlNodesCheck } from './ml-nodes-data.ts';

const PAUSE_MS = 350;

/**
 * The server's word on what would be sent, a moment after the last change. `of`: the question that `answer` answers; while it
 * isn't the one of now, `checking` is true and the old answer stays to be read.
 */
export function useNodeCheck(question: CheckInput | undefined) {
  const [given, setGiven] = useState<{ of: CheckInput; answer?: MlNodesCheck; error?: ShownError }>();
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once more
  useEffect(() => {
    if (!question) return;
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await checkNodes(question);
      if (current) setGiven((old) => ('value' in answer ? { of: question, answer: answer.value } : { of: question, answer: old?.answer, error: answer.error }));
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [question, again]);
  const recheck = useCallback(() => setAgain((times) => times + 1), []);
  const fresh = given !== undefined && given.of === question;
  return { answer: question && given?.answer, fresh: fresh && !given.error, error: fresh ? given.error : undefined, checking: question !== undefined && !fresh, recheck };
}
