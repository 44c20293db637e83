import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

/** Debian package of each program that a test may need. */
const PACKAGES = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'victoria-metrics': 'victoria-metrics',
  chromium: 'chromium',
  influxd: 'influxdb',
} as const;

/**
 * A test against a real server program. Where the program is missing the test is skipped and its title says how to get it; with
 * `BELLWETHER_REQUIRE_SERVERS=1`, as in CI, it fails instead.
 * @param set registers hooks and gives the test
 */
export function needsServer(
  program: keyof typeof PACKAGES,
  title: string,
  set: () => () => Promise<void>,
): void {
  describe(`with ${program}`, () => {
    if (isWanted(program)) it(title, { timeout: 60_000 }, set());
    else it.skip(`${title} (skipped: no ${program}; apt-get install ${PACKAGES[program]})`);
  });
}

/** The same for a whole suite, whose hooks start and stop the server. */
export function describeWithServer(program: keyof typeof PACKAGES, title: string, suite: () => void): void {
  if (isWanted(program)) describe(`${title}, with ${program}`, suite);
  else
    describe.skip(`${title} (skipped: no ${program}; apt-get install ${PACKAGES[program]})`, () => {
      it('is skipped', () => undefined);
    });
}

function isWanted(program: keyof typeof PACKAGES): boolean {
  const version = program === 'influxd' ? 'version' : '--version';
  const found = spawnSync(program, [version], { stdio: 'ignore' }).status === 0;
  return found || process.env['BELLWETHER_REQUIRE_SERVERS'] === '1';
}
