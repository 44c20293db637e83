import { ENGINE_VERSION } from '@bellwether/models';

/** Release of the service, as its package names it. */
export const VERSION = '0.1.0';

/** What `bellwether_build_info` says about this process. */
export const BUILD_LABELS = {
  version: VERSION,
  engine_version: ENGINE_VERSION,
  node_version: process.version,
} as const;
