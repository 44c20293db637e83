// Exits 0 when the address answers with success, 1 otherwise: a container's health check without curl.
// usage: node health-check.mjs [URL] (without one: the service in the same container)
const LIMIT_MS = 2_500;
/** Where the service listens unless BELLWETHER_PORT says otherwise. */
const USUAL_PORT = '8390';

const { BELLWETHER_PORT } = process.env;
const [url = `http://127.0.0.1:${BELLWETHER_PORT || USUAL_PORT}/healthz`] = process.argv.slice(2);
try {
  const response = await globalThis.fetch(url, { signal: globalThis.AbortSignal.timeout(LIMIT_MS) });
  if (!response.ok) console.error(`${url} answered with ${response.status}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`${url} gave no answer: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
