import { checkUrl } from './compose-delivery.js';
import type { GrafanaAppSettings } from './config/grafana-apps.js';
import { createIdVerifier } from './delivery/grafana/id-verifier.js';
import { createGuardedFetch } from './delivery/guarded-fetch.js';
import { createUrlGuard } from './delivery/url-guard.js';
import type { GrafanaApp } from './http/grafana/person-behind.js';

/** A few public keys. */
const MAX_KEYS_BYTES = 65_536;
const TIMEOUT_MS = 5_000;

/**
 * What each token of a Grafana app stands for, by its id.
 * @param allow addresses that may be reached though they are private or plain http
 * @throws ConfigError naming the field of keys that could never be read
 */
export function composeGrafanaApps(
  settings: readonly GrafanaAppSettings[],
  allow: readonly string[],
  clock: () => number,
): ReadonlyMap<string, GrafanaApp> {
  const guard = createUrlGuard({ allow, setting: 'egress.allow' });
  const guardedFetch = createGuardedFetch(guard, { timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_KEYS_BYTES });
  return new Map(
    settings.map(({ tokenId, field, org, trustHeaders, allow: rules, signed }) => {
      const app = { org, trustHeaders, allow: rules };
      if (signed === undefined) return [tokenId, app];
      checkUrl(guard, signed.keysUrl, `${field}/keysUrl`);
      return [tokenId, { ...app, verifyId: createIdVerifier({ ...signed, org, guardedFetch, clock }) }];
    }),
  );
}
