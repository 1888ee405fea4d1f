import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';
import { newestStore } from '../fixtures/newest-store.ts';

test.use({ session: 'ramp.yaml' });

/** Enough that a crash falls into the run, and that going on with it is over soon. */
const TIMES = 40;

test('after a crash in a run the operator recovers it, goes on with it, and has every frame', async ({ app }) => {
  await app.window.ready();
  await app.window.plan({ channels: ['FITC', 'Cy5'], times: { count: TIMES, intervalS: 0.2 } });
  await app.window.button('Run').click();
  await expect.poll(async () => Number(await app.window.output('Acknowledged').textContent())).toBeGreaterThan(5);
  const window = await app.crash();
  await window.ready();

  await expect(window.page.getByText('mda_0001 was interrupted')).toBeVisible();
  await window.button('Review').click();
  const card = window.page.locator('.run-card').first();
  await expect(card).toContainText('Unfinished');
  await expect(window.storedImage).toBeVisible();
  const interrupted = window.page.getByRole('region', { name: 'Interrupted run' });
  await expect(interrupted).toContainText('mda_0001 was interrupted');
  expect(await seriousFaults(window.page)).toEqual([]);

  await interrupted.getByRole('button', { name: 'Recover', exact: true }).click();
  await expect(window.page.getByText(/mda_0001 is whole: \d+ frames/)).toBeVisible();
  await expect(card).toContainText('Failed');
  await expect(window.storedImage).toBeVisible();
  await interrupted.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(window.page.getByText(/Run mda_0001 done/)).toBeVisible({ timeout: 60_000 });

  const journal = await readFile(join(await newestStore(app.storage), '..', 'journal.jsonl'), 'utf8');
  const frames = journal
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { frame: number }).frame);
  expect(frames).toEqual(Array.from({ length: 2 * TIMES }, (_, frame) => frame));
  await window.show('Review');
  // The viewer had it open: it is read anew.
  await expect(window.page.getByText(`1 of ${TIMES}`)).toBeVisible();
  await expect(card).toContainText('Done');
  await expect(card).toContainText(`${2 * TIMES} frames`);
  await expect(interrupted).toBeHidden();
});
