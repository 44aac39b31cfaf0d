/** `<Progress share label />`: how much of something is done, 0 to 1. An SVG, because a width in the markup would be an inline style. */
export function Progress({ share, label }: { share: number; label: string }) {
  const part = Math.max(0, Math.min(1, share));
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(part * 100)} className="flex items-center gap-3">
      <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-0 min-w-0 flex-1 overflow-hidden rounded-full bg-sunken">
        <rect width={Math.round(part * 1000)} height="8" className="fill-work" />
      </svg>
      <span className="num w-12 flex-none text-right text-sm text-ink-2">{Math.floor(part * 100)} %</span>
    </div>
  );
}
