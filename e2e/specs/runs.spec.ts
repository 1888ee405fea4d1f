import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeRunFolders } from '../../tests/stores/run-folders.ts';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';

const RUNS = 240;

test.beforeEach(async ({ app: { window, storage } }) => {
  await window.ready();
  await makeRunFolders(join(storage, 'e2e'), RUNS, 20);
  await window.show('Review');
  await window.button('Read again').click();
  await expect(window.output('Runs found')).toHaveText('240 runs');
});

test('runs are found by words, status, plan and date, from the keyboard', async ({ app: { window } }) => {
  const found = window.output('Runs found');
  const search = window.page.getByRole('textbox', { name: 'Search runs' });
  const choose = (label: string, value: string) =>
    window.page.getByRole('combobox', { name: label, exact: true }).selectOption({ label: value });

  await search.fill('leaf maria');
  await expect(found).toHaveText('30 of 240');
  await choose('Status', 'Failed');
  await expect(found).toHaveText('15 of 240');
  await choose('Plan', 'count');
  await expect(found).toHaveText('0 of 240');
  await expect(window.page.getByText('No run matches')).toBeVisible();
  await choose('Plan', 'Any plan');
  await choose('Date', 'Today');
  await expect(found).toHaveText('0 of 240');
  await window.button('Show all runs').first().click();
  await expect(found).toHaveText('240 runs');
  await expect(search).toHaveValue('');

  await search.fill('leaf');
  await expect(found).toHaveText('60 of 240');
  expect(await seriousFaults(window.page)).toEqual([]);
  await search.press('ArrowDown');
  const cards = window.page.getByRole('list', { name: 'Runs' }).getByRole('button');
  await expect(cards.first()).toBeFocused();
  await cards.first().press('End');
  const focused = window.page.locator('.run-card:focus');
  await expect(focused).toContainText('scan_0000');
  await focused.press('Enter');
  // The pretended store holds nothing to show, and says so.
  await expect(window.page.locator('.run-card.is-selected')).toContainText('scan_0000');

  // Esc in a field with text empties it and is no STOP.
  await search.press('Escape');
  await expect(search).toHaveValue('');
  await expect(found).toHaveText('240 runs');
  await expect(window.page.getByText(/^Stopped/)).toHaveCount(0);
});

test('of a long list only what is in sight is in the page, and scrolling reaches the oldest run', async ({
  app: { window },
}) => {
  const cards = window.page.getByRole('list', { name: 'Runs' }).getByRole('button');
  await cards.first().focus();
  // The next pages come as the end comes near.
  await expect(async () => {
    await window.page.locator('.run-card:focus').press('End');
    await expect(window.page.locator('.run-card:focus')).toContainText('scan_0000', { timeout: 200 });
  }).toPass();
  expect(await cards.count()).toBeLessThan(60);
  await window.page.locator('.run-card:focus').press('Home');
  await expect(window.page.locator('.run-card:focus')).toContainText('count_0239');
});

test('a run whose folder was deleted is gone when the list is read again', async ({ app: { window, storage } }) => {
  const [day = ''] = (await readdir(join(storage, 'e2e'))).filter((name) => name.startsWith('2026-03'));
  await rm(join(storage, 'e2e', day), { recursive: true });
  await window.button('Read again').click();
  await expect(window.output('Runs found')).toHaveText('220 runs');
});
