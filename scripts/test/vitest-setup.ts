// A test never sees the machine's own engine or panel: what it may use is set by scripts/test.mjs.
delete process.env.GONKA_DEPLOY_DIR;
delete process.env.SEED_API_URLS;
process.env.TZ = 'UTC';
