import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';

/** `REDSUN_SHOTS=folder` keeps pictures of the panel in both themes, to look at. */
const shots = process.env.REDSUN_SHOTS;

test.use({ session: 'ramp.yaml' });

test('a z-stack is a table with units and a curve that says what it shows, while it goes on and after it', async ({
  app,
}, { project }) => {
  const { window } = app;
  const { page } = window;
  await window.ready();
  await window.tab('Data').click();
  await expect(page.getByText('No data yet')).toBeVisible();

  await window.plan({ channels: ['FITC'], planes: { count: 11, stepUm: 0.5 } });
  await expect(page.getByText('Time, a guess')).toBeVisible();
  await window.button('Run').click();
  await expect(page.getByText('Reading', { exact: true })).toBeVisible();
  await expect(window.runState).toHaveText('Idle', { timeout: 60_000 });
  await expect(window.output('Rows read')).toHaveText('11 rows');
  await expect(page.getByText(/^11 frames saved\. Estimated .* s\.$/)).toBeVisible();
  await expect(page.getByText('Time, learnt')).toBeVisible();

  const table = page.getByRole('table', { name: 'Run data' });
  await expect(table.getByRole('columnheader', { name: /^z \(µm\)$/ })).toBeVisible();
  await expect(table.getByRole('columnheader', { name: /camera_mean \(counts\)/ })).toBeVisible();
  await expect(table).toHaveAttribute('aria-rowcount', '12');
  const heights = await table.locator('tbody tr:not([aria-hidden]) td:nth-child(3)').allTextContents();
  const asNumbers = heights.map((text) => Number(text.replace('\u2212', '-')));
  expect(asNumbers).toHaveLength(11);
  expect(asNumbers.at(-1)! - asNumbers[0]!).toBeCloseTo(5, 6);
  // The newest row is in view.
  await expect(table.getByRole('row').last()).toBeInViewport();

  const plot = page.getByRole('img', { name: /^camera_mean over z: 11 points, z .* µm, camera_mean .* counts/ });
  await expect(plot).toBeVisible();
  await expect(plot.locator('canvas')).toBeVisible();
  await page.getByRole('region', { name: 'Rows' }).focus();
  await page.keyboard.press('Home');
  await expect(table.getByRole('row').nth(1)).toBeInViewport();

  // Out of the picture.
  for (const close of await page.getByRole('button', { name: /^(Close|Dismiss)/ }).all()) await close.click();
  for (const theme of ['dark', 'light']) {
    if (theme === 'light') await window.button(/light theme/i).click();
    expect(await seriousFaults(page)).toEqual([]);
    if (shots) await writeFile(join(shots, `data-${project.name}-${theme}.png`), await page.screenshot());
  }
});

test('a window that comes later sees the run, too', async ({ app }) => {
  const { window } = app;
  const { page } = window;
  await window.ready();
  await window.plan({ channels: ['FITC'], planes: { count: 3, stepUm: 1 } });
  await window.button('Run').click();
  await expect(page.getByText(/Run mda_0001 done/)).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await window.ready();
  await window.tab('Data').click();
  await expect(window.output('Rows read')).toHaveText('3 rows');
  await expect(page.getByRole('img', { name: /^camera_mean over z: 3 points/ })).toBeVisible();
});
