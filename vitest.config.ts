import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['{lib,guard,components,app,e2e,scripts}/**/*.test.{ts,tsx}'], testTimeout: 20_000 } },
      // One engine, fixed container names and ports upstream: one file at a time.
      { extends: true, test: { name: 'engine', include: ['{lib,e2e,scripts}/**/*.itest.ts'], testTimeout: 180_000, hookTimeout: 180_000, retry: process.env.CI ? 1 : 0, fileParallelism: false } },
    ],
    exclude: ['**/node_modules/**', '.next/**'],
    setupFiles: ['scripts/test/vitest-setup.ts'],
  },
  resolve: { alias: { 'server-only': new URL('./scripts/server-only-stub.mjs', import.meta.url).pathname } },
});
