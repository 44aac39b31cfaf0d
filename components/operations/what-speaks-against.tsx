'use client';
import type { Against } from '#lib/operations/schema.ts';
import { useOperationWords } from './operation-words.ts';

/** Everything that a reason is, or was, asked for. */
export function WhatSpeaksAgainst({ reasons }: { reasons: readonly Against[] }) {
  const words = useOperationWords();
  return (
    <ul className="grid gap-1.5">
      {reasons.map(({ why, params }) => <li key={`${why} ${params.service ?? ''}`} className="break-words">{words.gate(why, params)}</li>)}
    </ul>
  );
}
