/** What Go leaves unescaped in a path, and `encodeURIComponent` doesn't. */
const PLAIN = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

/**
 * The address of one ML node on the admin side, spelled as Go itself spells it: in another spelling its router would look
 * for the escaped text, and an id that v0.2.4 doesn't know wedges it (measured 28).
 */
export const nodePath = (id: string, verb?: 'enable' | 'disable'): string => `/admin/v1/nodes/${encodeURIComponent(id).replace(PLAIN, decodeURIComponent)}${verb ? `/${verb}` : ''}`;
