import createNextIntlPlugin from 'next-intl/plugin';
import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  // The gate sets it by response; Next's own gzip would hold back streamed events.
  compress: false,
  // Types are a stage of npm test; an operator's build has nothing to gain from a second look.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingExcludes: { 'next-server': ['node_modules/sharp/**', 'node_modules/@img/**'] },
  serverExternalPackages: ['better-sqlite3', '@node-rs/argon2', 'dockerode', 'pino'],
};

export default createNextIntlPlugin('./i18n/request.ts')(config);
