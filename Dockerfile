# The panel beside a node: docker compose -f docker-compose.panel.yml up -d
ARG NODE_IMAGE=node:24-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/start.mjs scripts/content-hash.mjs scripts/
RUN node scripts/start.mjs --install-only
COPY . .
RUN node scripts/start.mjs --build-only

FROM ${NODE_IMAGE}
# The compose client drives the stack; nothing else of Docker is in here. git fetches the deployment files and looks at local changes.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates docker-cli docker-compose git && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PANEL_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/.next/standalone ./
VOLUME /data
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PANEL_PORT || 7700}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "server.mjs"]
