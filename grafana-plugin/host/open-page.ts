import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const EXECUTABLE = process.env['BELLWETHER_CHROMIUM'] ?? '/usr/bin/chromium';
/** Where screenshots go; none are made where it is not set. */
const SHOTS = process.env['BELLWETHER_SCREENSHOTS'];

/** Whether there is a browser to test in. */
export const hasBrowser = existsSync(EXECUTABLE);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
}

/** A page of the host and what went wrong on it. */
export interface HostPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions. */
  readonly problems: string[];
  readonly shoot: (name: string) => Promise<void>;
}

export async function openPage(
  browser: Browser,
  address: string,
  size: { readonly width: number; readonly height: number } = { width: 1280, height: 720 },
): Promise<HostPage> {
  const page = await browser.newPage({ viewport: size, timezoneId: 'UTC' });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // An answer that is not 2xx is said to the console by the browser itself, whatever the page makes of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  await page.goto(address);
  return {
    page,
    problems,
    shoot: async (name) => {
      if (SHOTS === undefined) return;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    },
  };
}
