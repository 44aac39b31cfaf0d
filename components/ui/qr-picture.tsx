/** `<QrPicture text label />`: a QR code, dark on light in both themes (scanners need that), with its quiet border. Nothing when the text is too long for one. */
import clsx from 'clsx';
import { qrCode } from './qr-code.ts';

const BORDER = 4;

/** The dark modules as one path, run by run. */
function pathOf(grid: boolean[][]): string {
  return grid.flatMap((row, y) => {
    const runs: string[] = [];
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      runs.push(`M${from + BORDER} ${y + BORDER}h${x + 1 - from}v1h-${x + 1 - from}z`);
    }
    return runs;
  }).join('');
}

export function QrPicture({ text, label, className }: { text: string; label: string; className?: string }) {
  const grid = qrCode(text);
  if (!grid) return null;
  const size = grid.length + 2 * BORDER;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className={clsx('aspect-square max-w-full rounded-md border', className)}>
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(grid)} fill="#000" />
    </svg>
  );
}
