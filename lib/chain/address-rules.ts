import { askableUrl } from '#lib/core/askable-url.ts';
import { PanelError } from '#lib/core/errors.ts';

/** The URL, when it may be asked (`askableUrl`). Throws PanelError `chain_url_refused`. */
export function checkedUrl(raw: string): URL {
  const { url, ...refused } = askableUrl(raw);
  if (!url) throw new PanelError('chain_url_refused', refused as { host: string; why: string });
  return url;
}

/** The key of a host's request budget: its name; on loopback each port is a host of its own. */
export function budgetKey(url: URL): string {
  const name = url.hostname.toLowerCase().replace(/\.$/, '');
  const loopback = name === 'localhost' || name === '[::1]' || name.startsWith('127.');
  return loopback ? `${name}:${url.port || (url.protocol === 'https:' ? '443' : '80')}` : name;
}
