import { BrandMark } from '../shell/brand.tsx';
import { Preferences } from '../shell/preferences.tsx';

/** The frame of the pages before sign-in. */
export function Entrance({ title, text, children }: { title: string; text?: React.ReactNode; children: React.ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-md grid-cols-[minmax(0,1fr)] content-between gap-8 px-5 py-8">
      <div className="grid content-start gap-6 pt-[8dvh]">
        <div className="flex items-center gap-2.5 font-bold"><BrandMark className="size-6 text-accent" />gonka-panel</div>
        <div className="grid gap-2"><h1>{title}</h1>{text && <div className="text-ink-2">{text}</div>}</div>
        {children}
      </div>
      <Preferences compact />
    </main>
  );
}
