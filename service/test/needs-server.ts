import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

/** Debian package of each program that a test may need. */
const PACKAGES = { prometheus: 'prometheus', chromium: 'chromium' } as const;

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
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
  describe(`with ${program}`, () => {
    if (found || process.env['BELLWETHER_REQUIRE_SERVERS'] === '1') it(title, { timeout: 60_000 }, set());
    else it.skip(`${title} (skipped: no ${program}; apt-get install ${PACKAGES[program]})`);
  });
}
