import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';
import { newestStore } from '../fixtures/newest-store.ts';
import { verifyStores } from '../fixtures/python.ts';
import { ramp } from '../fixtures/ramp.ts';

test.use({ session: 'ramp.yaml' });

test('a z-stack of 10 planes, 3 times and 2 channels goes through the form into a store that reads back equal', async ({
  app,
}) => {
  const { window, storage } = app;
  await window.ready();
  await window.plan({
    channels: ['FITC', 'Cy5'],
    planes: { count: 10, stepUm: 0.5 },
    times: { count: 3, intervalS: 1 },
  });
  await expect(window.output('Total frames')).toHaveText('60');
  await window.button('Run').click();

  await expect(window.runState).toHaveText(/Running/);
  await expect(window.page.getByRole('progressbar').first()).toBeVisible();
  await expect(window.stop).toBeEnabled();
  await expect(window.runState).toHaveText('Idle', { timeout: 90_000 });
  await expect(window.page.getByText(/Run mda_0001 done/)).toBeVisible();

  await window.button('Review').click();
  await expect(window.storedImage).toBeVisible();
  // Order of the form: time, position, Z, channel. Frame 0 is t 0, z 0, the first channel.
  expect(await window.storedPixel(11, 7)).toBe(ramp(0, 11, 7));
  const z = window.page.getByRole('slider', { name: /^Z/ });
  await z.focus();
  await z.press('End');
  await expect.poll(() => window.storedPixel(11, 7)).toBe(ramp(18, 11, 7));
  const time = window.page.getByRole('slider', { name: /^Time/ });
  await time.focus();
  await time.press('End');
  await expect.poll(() => window.storedPixel(11, 7)).toBe(ramp(2 * 20 + 18, 11, 7));

  const [report] = await verifyStores([{ store: await newestStore(storage), order: 'tpzc' }]);
  expect(report?.failures).toEqual([]);
});

test('a run can be paused, resumed and aborted, and says what became of its data', async ({ app }) => {
  const { window, storage } = app;
  await window.ready();
  await window.plan({ channels: ['FITC'], times: { count: 50, intervalS: 0.2 } });
  await window.button('Run').click();
  await expect(window.runState).toHaveText(/Running/);
  await window
    .button(/^Pause/)
    .first()
    .click();
  await expect(window.runState).toHaveText(/Paused/);
  // The tab goes by what it shows, also to who only hears it.
  await expect(window.tab('Run')).toHaveText('Run');
  expect(await seriousFaults(window.page)).toEqual([]);
  await window.button('Resume').click();
  await expect(window.runState).toHaveText(/Running/);
  await window.button('Abort').click();
  await expect(window.runState).toHaveText('Idle');
  await expect(window.page.getByText(/mda_0001 aborted/i).first()).toBeVisible();
  await expect(window.tab('Acquire')).toHaveText('Acquire');
  const [report] = await verifyStores([{ store: await newestStore(storage), order: 't', pixels: 'none' }]);
  expect(report?.failures).toEqual([]);
});
