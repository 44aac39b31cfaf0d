/**
 * One instance a process. The gate's bundle and Next's bundles each carry their own copy of a module,
 * so what must exist once (database client, log hub, journal) lives on globalThis.
 */
export function singleton<T>(name: string, make: () => T): T {
  const store = globalThis as unknown as Record<symbol, T>;
  const key = Symbol.for(`gonka-panel.${name}`);
  store[key] ??= make();
  return store[key];
}
