/** Log lines as the real programs print them, escape codes included (measured, "Log lines"). */
const RESET = '\x1b[0m';

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

const clock = (time: Date): string => `${time.getUTCHours() % 12 || 12}:${String(time.getUTCMinutes()).padStart(2, '0')}${time.getUTCHours() < 12 ? 'AM' : 'PM'}`;
const zerologValue = (value: string | number | boolean): string => (typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value));

/** node: zerolog's console form, fields in alphabetical order. */
export function nodeLine(level: 'INF' | 'ERR' | 'WRN', message: string, fields: Record<string, string | number | boolean> = {}, time = new Date()): string {
  const colour = { INF: 32, ERR: 31, WRN: 33 }[level];
  const pairs = Object.keys(fields).sort().map((key) => ` \x1b[36m${key}=${RESET}${zerologValue(fields[key]!)}`);
  return `\x1b[90m${clock(time)}${RESET} \x1b[${colour}m${level}${RESET} \x1b[1m${message}${RESET}${pairs.join('')}`;
}

/** tmkms: tracing's form. */
export function tmkmsLine(level: 'INFO' | 'ERROR' | 'WARN', target: string, message: string, time = new Date()): string {
  const colour = { INFO: 32, ERROR: 31, WARN: 33 }[level];
  const stamp = time.toISOString().replace('Z', '462Z');
  return `\x1b[2m${stamp}${RESET} \x1b[${colour}m${level.padStart(5)}${RESET} \x1b[2m${target}${RESET}\x1b[2m:${RESET} ${message}`;
}

/** api: Go's log with slog's text. */
export function goTime(time = new Date()): string {
  return time.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}
const slogValue = (value: string | number | boolean): string => (typeof value === 'string' && (value === '' || /[\s"=]/.test(value)) ? JSON.stringify(value) : String(value));
export function apiLine(level: 'INFO' | 'WARN' | 'ERROR' | 'DEBUG', message: string, subsystem: string, fields: Record<string, string | number | boolean> = {}, time = new Date()): string {
  return `${goTime(time)} ${level} ${message} subsystem=${subsystem}${Object.entries(fields).map(([key, value]) => ` ${key}=${slogValue(value)}`).join('')}`;
}

/** As startFlood for the services that no variable leads to the seed: they ask the node beside them. */
export function startFloodFromNode(service: string, line: (n: number) => string): void {
  let flood: { service: string; linesPerSecond: number } | undefined;
  setInterval(async () => {
    try {
      const response = await fetch('http://node:26657/standin/flood', { signal: AbortSignal.timeout(1000) });
      flood = ((await response.json()) as { flood?: typeof flood }).flood;
    } catch {
      flood = undefined;
    }
  }, 1000).unref();
  startFlood(() => flood, service, line);
}

/** A flood as `world.flood` asks for it: so many lines a second, in small portions. */
export function startFlood(flood: () => { service: string; linesPerSecond: number } | undefined, service: string, line: (n: number) => string): void {
  let count = 0;
  let owed = 0;
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    const wanted = flood();
    owed = wanted?.service === service ? owed + (wanted.linesPerSecond * (now - last)) / 1000 : 0;
    last = now;
    const lines = Math.min(Math.floor(owed), 20_000);
    // A reader that is slower than the flood must not fill our memory.
    if (lines === 0 || process.stdout.writableLength > 4_000_000) return;
    owed -= lines;
    let text = '';
    for (let i = 0; i < lines; i++) text += `${line(++count)}\n`;
    process.stdout.write(text);
  }, 50).unref();
}
