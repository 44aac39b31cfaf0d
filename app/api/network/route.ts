import { requireSession } from '#lib/access/session.ts';
import { networkSnapshot } from '#lib/watch/network-snapshot.ts';

/**
 * The network as the panel sees it: epoch, own participant, own node, seeds; with `?participants=1` the whole active set.
 * Asking keeps the shared polling alive for a minute; it doesn't cause requests of its own.
 */
export async function GET(request: Request): Promise<Response> {
  await requireSession();
  const whole = new URL(request.url).searchParams.get('participants') === '1';
  const snapshot = await networkSnapshot();
  const { value } = snapshot.participants;
  // 10 000 rows are for the page that shows them; the others need the sums.
  const participants = whole || !value ? snapshot.participants : { ...snapshot.participants, value: { ...value, list: [], excluded: [], count: value.list.length } };
  const body = JSON.stringify({ ...snapshot, participants }, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
  return new Response(body, { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
}
