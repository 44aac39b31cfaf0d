'use client';
import clsx from 'clsx';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { RibbonWords } from './ribbon-words.ts';
import { placeAxis, placeStretches, xOf, type Mark, type Measure, type Placed, type Stretch, type StretchKind } from './ribbon-layout.ts';
import { Explained } from './explained.tsx';
import { useList } from '../ui/use-list.ts';

const fills: Record<StretchKind, string> = { serve: 'fill-ep-serve', gen: 'fill-ep-gen', gap: 'fill-ep-gap', val: 'fill-ep-val', set: 'fill-ep-set' };
const TOP = 30, BAND = 34, AXIS = 42;

/** Widths in the font that will be drawn; measured again when the web font has arrived. */
function useMeasure(): Measure {
  const [ready, setReady] = useState(false);
  useEffect(() => { void document.fonts.ready.then(() => setReady(true)); }, []);
  return useMemo(() => {
    const context = document.createElement('canvas').getContext('2d');
    const family = getComputedStyle(document.body).fontFamily;
    void ready;
    return (text, small) => {
      if (!context) return text.length * 8;
      context.font = `${small ? 400 : 600} 12px ${family}`;
      return Math.ceil(context.measureText(text).width) + 1;
    };
  }, [ready]);
}

type Props = { list: readonly Stretch[]; height: number; words: RibbonWords; startEstimated: boolean; marks: readonly Mark[]; width: number; confirmation: boolean };

export function RibbonBand({ list, height, words, startEstimated, marks, width, confirmation }: Props) {
  const t = useTranslations('epoch');
  const measure = useMeasure();
  const join = useList();
  const clip = useId();
  const caption = useId();
  const refs = useRef(new Map<string, SVGGElement>());
  const [shown, setShown] = useState<string | null>(null);
  const placed = placeStretches(list, width, height, words.stretch, measure);
  const now = xOf(placed, height);
  const here = placed.find((s) => height < s.to) ?? placed.at(-1);
  const current = placed.find((s) => s.id === shown) ?? here;
  const axis = placeAxis(axisOf(placed, words, startEstimated, marks, t), width, measure);
  const flag = measure(words.now) + 16;
  const flagX = Math.max(0, Math.min(width - flag, now - flag / 2));
  const move = (from: string, by: number) => {
    const next = placed[Math.max(0, Math.min(placed.length - 1, placed.findIndex((s) => s.id === from) + by))];
    if (next) refs.current.get(next.id)?.focus();
  };

  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no element for a group of controls */}
      <svg width={width} height={TOP + BAND + AXIS} viewBox={`0 0 ${width} ${TOP + BAND + AXIS}`} role="group" aria-label={t('ribbon')} className="block max-w-full overflow-visible font-sans" onMouseLeave={() => setShown(null)}>
        <defs><clipPath id={clip}><rect x={0} y={TOP} width={width} height={BAND} rx={7} /></clipPath></defs>
        {placed.map((s) => {
          const past = Math.max(0, Math.min(s.width, now - s.x));
          const active = current?.id === s.id && shown !== null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: SVG has no button
            <g key={s.id} ref={(element) => { if (element) refs.current.set(s.id, element); else refs.current.delete(s.id); }}
              role="button" tabIndex={s.id === (current ?? placed[0])?.id ? 0 : -1} aria-label={join(spoken(s, words))} aria-describedby={caption} className="cursor-default outline-none [&:focus-visible>.ring]:opacity-100"
              onMouseEnter={() => setShown(s.id)} onFocus={() => setShown(s.id)} onBlur={() => setShown(null)} onClick={() => setShown(s.id)}
              onKeyDown={(event) => {
                if (event.key === 'ArrowRight') move(s.id, 1);
                else if (event.key === 'ArrowLeft') move(s.id, -1);
                else return;
                event.preventDefault();
              }}>
              <g clipPath={`url(#${clip})`}>
                <rect x={s.x} y={TOP} width={s.width} height={BAND} className="fill-sunken" />
                {past > 0 && <rect x={s.x} y={TOP} width={past} height={BAND} className={fills[s.kind]} />}
                {past < s.width && <rect x={s.x + past} y={TOP} width={s.width - past} height={BAND} className={fills[s.kind]} opacity={s.kind === 'serve' ? 0.5 : 0.78} />}
                {active && <rect x={s.x} y={TOP + BAND - 3} width={s.width} height={3} className="fill-ink" opacity={0.55} />}
              </g>
              <rect x={s.x + 1} y={TOP + 1} width={Math.max(0, s.width - 2)} height={BAND - 2} rx={5} fill="none" strokeWidth={2} className="ring stroke-accent opacity-0" />
              {s.label && <text x={s.label.x} y={TOP + BAND / 2 + 4} fontSize={12} fontWeight={600} className={clsx(s.label.future && s.kind === 'serve' ? 'fill-ink-2' : 'fill-ink')}>{s.label.text}</text>}
            </g>
          );
        })}
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
        <g aria-hidden="true" className="pointer-events-none num">
          {axis.map((label) => <line key={`t${label.tick}`} x1={label.tick} x2={label.tick} y1={TOP + BAND} y2={TOP + BAND + 5} className="stroke-line-strong" />)}
          {axis.map((label) => (
            <text key={`l${label.tick}`} x={label.x} y={TOP + BAND + 19} textAnchor={label.anchor} fontSize={12} className="fill-ink-3">
              {label.lines.map((line, i) => <tspan key={line} x={label.x} dy={i ? 16 : 0}>{line}</tspan>)}
            </text>
          ))}
          {marks.map((mark) => <path key={mark.label} d={`M${xOf(placed, mark.block)} ${TOP - 2}l4 -7h-8z`} className="fill-accent" />)}
          <line x1={now} x2={now} y1={TOP - 8} y2={TOP + BAND + 4} strokeWidth={2} className="stroke-ink" />
          <rect x={flagX} y={TOP - 28} width={flag} height={20} rx={4} className="fill-ink" />
          <text x={flagX + flag / 2} y={TOP - 14} textAnchor="middle" fontSize={12} fontWeight={600} className="fill-bg">{words.now}</text>
        </g>
      </svg>
      {current && <Explained id={caption} stretch={current} words={words} here={current.id === here?.id} confirmation={confirmation} className="mt-2 min-h-16 border-t pt-3" />}
    </div>
  );
}

/** The parts of a stretch that screen readers say in one breath. */
function spoken(s: Placed, words: RibbonWords): string[] {
  const name = words.name(s);
  const drawn = s.label?.text;
  // What is drawn is part of the name, so that it can be asked for by voice.
  return [drawn && !name.includes(drawn) ? `${drawn}: ${name}` : name, `${words.block(s.from)} ${words.time(s.from) ?? ''}`.trim(), `${words.block(s.to)} ${words.time(s.to) ?? ''}`.trim()];
}

function axisOf(placed: readonly Placed[], words: RibbonWords, startEstimated: boolean, marks: readonly Mark[], t: ReturnType<typeof useTranslations<'epoch'>>) {
  const of = (id: string) => placed.find((s) => s.id === id);
  const lines = (name: string, block: number, tilde = false) => [`${name} ${words.time(block) ?? ''}`.trim(), `${tilde ? '≈ ' : ''}${words.block(block)}`];
  const gen = of('gen'), serve = of('serve'), next = of('next'), val = of('val'), last = placed.at(-1);
  return [
    ...(gen ? [{ at: gen.x, lines: lines(t('axis.poc'), gen.from) }] : []),
    ...marks.map((mark) => ({ at: xOf(placed, mark.block), lines: [mark.label, words.time(mark.block) ?? words.block(mark.block)] })),
    ...(serve ? [{ at: serve.x, lines: lines(t('axis.since'), serve.from, startEstimated) }] : []),
    ...(next ? [{ at: next.x, lines: lines(t('axis.inForce', { epoch: next.epoch }), next.from) }] : []),
    ...(last ? [{ at: last.x + last.width, lines: lines(t('axis.nextPoc'), last.to) }] : []),
    ...(val ? [{ at: val.x, lines: lines(t('axis.validation'), val.from) }] : []),
  ];
}
