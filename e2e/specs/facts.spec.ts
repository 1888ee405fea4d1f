import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';

test.use({ session: 'ramp.yaml' });

/** `REDSUN_SHOTS=folder` keeps pictures in both themes, to look at. */
async function look(page: Page, name: string): Promise<void> {
  const shots = process.env.REDSUN_SHOTS;
  expect(await seriousFaults(page)).toEqual([]);
  if (shots) await writeFile(join(shots, `${name}.png`), await page.screenshot());
}

test('facts for the record are asked once, stored with the image, shown in Review, and can be changed', async ({
  app,
}) => {
  const { window } = app;
  await window.ready();
  const box = window.page.getByRole('textbox', { name: 'Operator', exact: true });
  await box.fill('R. Franklin');
  await window.page.getByRole('textbox', { name: 'Sample', exact: true }).fill('B-DNA');
  await look(window.page, 'facts-dark');
  // With the mouse: what was typed counts although Enter was not pressed.
  await window.button('Save facts').click();
  await expect(box).toBeHidden();
  await expect(window.page.getByText('R. Franklin')).toBeVisible();

  await window.plan({ channels: ['FITC'] });
  await window.button('Run').click();
  await expect(window.page.getByText(/Run mda_0001 done/)).toBeVisible();
  await window.button('Review').click();
  await expect(window.storedImage).toBeVisible();
  const record = window.page.getByText('How it was taken').locator('xpath=ancestor::section[1]');
  await expect(record).toContainText('R. Franklin');
  await expect(record).toContainText('B-DNA');
  await expect(record).toContainText('excitation 488 nm; emission 525 nm');
  await expect(record).not.toContainText('Not recorded');
  await look(window.page, 'facts-review-dark');

  const again = await app.restart();
  await again.ready();
  await again.show('Acquire');
  await expect(again.button('Change facts')).toBeVisible();
  await expect(again.page.getByRole('textbox', { name: 'Operator', exact: true })).toBeHidden();
  await again.button('Change facts').click();
  const sample = again.page.getByRole('textbox', { name: 'Sample', exact: true });
  await expect(sample).toHaveValue('B-DNA');
  await again.button('Light theme').click();
  await look(again.page, 'facts-light');
  await sample.fill('A-DNA');
  await sample.press('Enter');
  await again.button('Save facts').click();
  await expect(again.page.getByText('A-DNA')).toBeVisible();
});
