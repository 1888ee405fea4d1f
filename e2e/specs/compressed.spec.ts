import { expect, test } from '../fixtures/app.ts';
import { newestStore } from '../fixtures/newest-store.ts';
import { verifyStores } from '../fixtures/python.ts';
import { ramp } from '../fixtures/ramp.ts';

test.use({ session: 'ramp-compressed.yaml' });

test('a run into a compressed store with a coarser level reads back equal, here and elsewhere', async ({ app }) => {
  const { window, storage } = app;
  await window.ready();
  await window.plan({ channels: ['FITC'], planes: { count: 3, stepUm: 0.5 }, times: { count: 2, intervalS: 0.2 } });
  await window.button('Run').click();
  await expect(window.page.getByText(/Run mda_0001 done/)).toBeVisible({ timeout: 60_000 });

  await window.button('Review').click();
  await expect(window.storedImage).toBeVisible();
  expect(await window.storedPixel(11, 7)).toBe(ramp(0, 11, 7));
  const z = window.page.getByRole('slider', { name: /^Z/ });
  await z.focus();
  await z.press('End');
  await expect.poll(() => window.storedPixel(11, 7)).toBe(ramp(2, 11, 7));

  const [report] = await verifyStores([{ store: await newestStore(storage), order: 'tpzc' }]);
  expect(report?.failures).toEqual([]);
});
