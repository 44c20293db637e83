import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type Caller } from '../app/use-cases.js';
import { worstContrastScript, type Contrast } from './sample-contrast.js';
import { sampleNowMs } from './sample-plot.js';
import { sampleStates } from './sample-states.js';
import { createReportRouter, type ReportDeps } from './router.js';

const chromiumPath = '/usr/bin/chromium';
const isRequired = process.env['BELLWETHER_REQUIRE_SERVERS'] === '1';
const isMissing = !existsSync(chromiumPath);
const screenshotFolder = process.env['BELLWETHER_SCREENSHOTS'];
const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const caller: Caller = {
  name: 'tester',
  role: 'viewer',
  project: '*',
  service: '*',
  environment: '*',
  authentication: 'token:t-1',
};
const pages = sampleStates;

/** Reports by the name of their state; the list is all of them, or none for the service `nothing`. */
const useCases: ReportDeps['useCases'] = {
  reportDeployment: (_caller, id) => {
    const page = pages.get(id);
    return page === undefined
      ? Promise.reject(new AppError('not-found', `there is no deployment "${id}"`))
      : Promise.resolve(page);
  },
  viewDeployment: () => Promise.reject(new AppError('forbidden', 'outside the scope of this token')),
  listDeployments: (_caller, query) =>
    Promise.resolve({
      items:
        query.service === 'nothing' || query.environment === 'nothing'
          ? []
          : [...pages.entries()].map(([id, page]) => ({
              deployment: { ...page.deployment, id },
              ...(page.verdicts[0] === undefined ? {} : { verdict: page.verdicts[0] }),
            })),
      nextCursor: 'next',
    }),
};

async function serve(): Promise<Server> {
  const app = express();
  app.use((_req, res, next) => {
    const nonce = 'dGVzdC1ub25jZQ';
    res.locals['cspNonce'] = nonce;
    res.set(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'; base-uri 'none'`,
    );
    next();
  });
  app.use(createReportRouter({ useCases, callerOf: () => caller, clock: () => sampleNowMs }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe.skipIf(isMissing && !isRequired)(
  `report pages in a browser${isMissing ? ' (skipped: no chromium; apt-get install chromium)' : ''}`,
  () => {
    let server: Server;
    let browser: Browser;
    let origin: string;

    beforeAll(async () => {
      server = await serve();
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumFlags });
      if (screenshotFolder !== undefined) await mkdir(screenshotFolder, { recursive: true });
    }, 60_000);

    afterAll(async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    });

    /** Wide and light sees one half of the states, narrow and dark the other, every look what differs most; for screenshots all see all. */
    const everywhere = ['rollback', 'pending', 'long-names'];
    const statesOf = (half: 0 | 1 | 'none'): readonly string[] =>
      [...pages.keys()].filter(
        (id, index) => screenshotFolder !== undefined || index % 2 === half || everywhere.includes(id),
      );
    const looks = [
      { scheme: 'light', width: 1280, states: statesOf(0) },
      { scheme: 'dark', width: 360, states: statesOf(1) },
      { scheme: 'dark', width: 1280, states: statesOf('none') },
      { scheme: 'light', width: 360, states: statesOf('none') },
    ] as const;

    it('would notice text that is hard to read', async () => {
      const page = await browser.newPage();
      await page.setContent('<body><p>fine</p><p class="x"><span style="color:#999">faint</span></p>');
      const worst = await page.evaluate<Contrast>(worstContrastScript);
      expect(worst.ratio).toBeCloseTo(2.85, 1);
      expect(worst.where).toContain('faint');
      await page.close();
    });

    async function check(page: Page, path: string, name: string): Promise<void> {
      await page.goto(origin + path);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
      const worst = await page.evaluate<Contrast>(worstContrastScript);
      expect(worst.ratio, `${name}: ${worst.where}`).toBeGreaterThanOrEqual(4.5);
      if (screenshotFolder !== undefined)
        await page.screenshot({ path: `${screenshotFolder}/${name}.png`, fullPage: true });
    }

    it.each(looks)(
      'fits, reads and fetches nothing else: $scheme at $width px',
      async ({ scheme, width, states }) => {
        const context = await browser.newContext({
          colorScheme: scheme,
          viewport: { width, height: 900 },
          javaScriptEnabled: true,
        });
        const page = await context.newPage();
        const complaints: string[] = [];
        const requests: string[] = [];
        page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
        page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
        page.on('request', (request) => requests.push(request.url()));
        const suffix = `${scheme}-${width}`;
        const paths = states.map((id): readonly [string, string] => [
          `/deployments/${id}/report?refresh=off`,
          id,
        ]);
        for (const [path, id] of paths) await check(page, path, `${id}-${suffix}`);
        await check(page, '/deployments', `index-${suffix}`);
        await check(page, '/deployments?service=nothing', `index-no-match-${suffix}`);
        expect(complaints).toEqual([]);
        expect(requests).toHaveLength(paths.length + 2);
        await context.close();
      },
      240_000,
    );
  },
);
