import type { Page } from 'playwright-core';

/** What the host's page keeps for tests. */
export interface HostWindow {
  readonly __host: {
    readonly layer: { getResultsStream(): { subscribe(next: (value: AnnotationResults) => void): void } };
    readonly query: unknown;
    readonly measure: () => Promise<
      Record<'plain' | 'panel', { readonly firstMs: number; readonly panMs: number }>
    >;
    readonly range: () => { readonly from: Date; readonly to: Date };
    readonly datasource: {
      query(request: object): Promise<{ data: { length: number; fields: { name: string }[] }[] }>;
      metricFindQuery(query: string): Promise<{ text: string }[]>;
    };
  };
  readonly axe: {
    run(
      context: string,
    ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
  };
}

export interface AnnotationResults {
  readonly data: {
    readonly series: { readonly fields: { readonly name: string; readonly values: unknown[] }[] }[];
  };
}

export async function panelReady(page: Page): Promise<void> {
  await page.waitForSelector('[data-verdict="rollback"]');
  await page.waitForSelector('canvas');
  await page.waitForTimeout(800);
}

export function verdictsOn(page: Page): Promise<(string | null)[]> {
  return page.$$eval('[data-verdict]', (chips) => chips.map((chip) => chip.getAttribute('data-verdict')));
}

/** Moves the pointer to a moment of the plot. */
export async function hoverAt(page: Page, ms: number): Promise<void> {
  const box = await page.locator('.u-over').first().boundingBox();
  if (box === null) throw new Error('there is no plot');
  const share = await page.evaluate((at) => {
    const { from, to } = (window as unknown as HostWindow).__host.range();
    return (at - from.valueOf()) / (to.valueOf() - from.valueOf());
  }, ms);
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2, { steps: 4 });
}

export async function openRollback(page: Page): Promise<void> {
  await page.locator('[data-verdict="rollback"]').click();
  await page.getByRole('button', { name: 'Roll back …' }).click();
}

export async function openMenu(page: Page): Promise<void> {
  await page
    .getByTestId(/Panel menu/)
    .first()
    .click({ force: true });
  await page.getByText('Deployments and rollback').click();
}

/** Until the rollback that was confirmed is carried out: the step is named from the beginning. */
export async function carriedOut(page: Page): Promise<void> {
  const steps = page.getByTestId('rollback-stage').getByRole('listitem');
  await steps.filter({ hasText: 'Carried out by shop (done)' }).waitFor();
}
