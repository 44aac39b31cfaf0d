'use client';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { compileQuery, type CompiledQuery, parseQuery } from './filter.ts';
import { follow, following } from './follow.ts';
import { levelNumber } from './level.ts';
import { LogSession } from './log-session.ts';
import { type LogAddress, streamQuery } from './log-url.ts';
import type { LinePane } from './line-pane.ts';

/** A tab that nobody has looked at for this long lets its stream go, and takes it up where it was. */
const HIDDEN_MS = 60_000;
const toLogin = () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);

/**
 * Ties the session to the address: asks anew when services, range or permalink change, looks through again when filter or
 * levels do. `services` is what the address means with the usual ones filled in; undefined while unknown.
 */
export function useLogSession(address: LogAddress, services: readonly string[] | undefined) {
  const pane = useRef<LinePane | null>(null);
  const [session, setSession] = useState<LogSession>();
  const [state, act] = useReducer(follow, following);
  const [query, setQuery] = useState<CompiledQuery & { field: string }>({ field: '' });

  useEffect(() => {
    const made = new LogSession({ onChange: () => pane.current?.schedule(), onSignedOut: toLogin });
    setSession(made);
    return () => { made.close(); setSession(undefined); };
  }, []);

  // The question to the stream. Fewer services than before need no new backlog: the stream goes on with those.
  const streamed = useRef<{ services: readonly string[]; rest: string }>({ services: [], rest: '' });
  const names = services?.join('\n');
  const rest = JSON.stringify([address.since, address.tail, address.at]);
  useEffect(() => {
    if (!session || names === undefined) return;
    const wanted = names === '' ? [] : names.split('\n');
    const [since, tail, at] = JSON.parse(rest) as [string | undefined, LogAddress['tail'], string | undefined];
    const before = streamed.current;
    streamed.current = { services: wanted, rest };
    if (wanted.length === 0) { session.close(); return; }
    const question = streamQuery({ since: since ?? undefined, tail: tail ?? undefined, at: at ?? undefined }, wanted, Date.now());
    const fewer = session.status.state !== 'closed' && before.rest === rest && wanted.every((name) => before.services.includes(name));
    if (fewer) session.narrow(question);
    else {
      session.open(question);
      act(at ? { type: 'pause', by: 'link', at: session.buffer.end } : { type: 'resume' });
    }
  }, [session, names, rest]);

  // What the filter field says.
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      const compiled = await compileQuery(parseQuery(address.q));
      if (!stale) setQuery({ ...compiled, field: address.q });
    }, address.q === '' ? 0 : 120);
    return () => { stale = true; clearTimeout(timer); };
  }, [address.q]);

  // What is shown of what is there. A pattern that can't be read changes nothing.
  const levelText = address.levels.join(' ');
  const { matcher, problem } = query;
  useEffect(() => {
    if (!session || problem) return;
    session.setRule({
      services: names ? new Set(names.split('\n')) : undefined,
      levels: levelText ? new Set(levelText.split(' ').map((level) => levelNumber[level as keyof typeof levelNumber])) : undefined,
      test: matcher?.test,
    });
  }, [session, names, levelText, matcher, problem]);

  useEffect(() => {
    session?.setFollowing(state.mode === 'following');
    pane.current?.setFollowing(state.mode === 'following');
  }, [session, state.mode]);

  useEffect(() => {
    if (!session) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => session.hold(), HIDDEN_MS);
      else if (session.heldBy !== 'full') void session.release();
    };
    document.addEventListener('visibilitychange', seen);
    return () => { clearTimeout(timer); document.removeEventListener('visibilitychange', seen); };
  }, [session]);

  const pause = useCallback((by: 'button' | 'scroll' | 'link') => act({ type: 'pause', by, at: session?.buffer.end ?? 0 }), [session]);
  const resume = useCallback(() => act({ type: 'resume' }), []);
  const atBottom = useCallback(() => act({ type: 'bottom' }), []);
  return { session, pane, state, pause, resume, atBottom, query };
}
