import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/app.ts';

test.use({ session: 'dry.yaml' });

test('a dry run goes as any run, and the window says everywhere that nothing is kept', async ({ app }) => {
  const { window, storage } = app;
  await window.ready();
  await expect(window.statusBar).toContainText('Dry runs, nothing is kept');
  await expect(window.page.getByText('Nowhere: runs of this session are dry')).toBeVisible();
  await window.plan({ channels: ['FITC'], times: { count: 30, intervalS: 0.1 } });
  await window.button('Run').click();
  await expect(window.runState).toHaveText(/Running/);
  await expect(window.runPanel).toContainText('dry run, nothing is kept');
  await expect(window.page.getByText('30 frames taken, nothing kept.')).toBeVisible();

  await window.show('Review');
  const card = window.button(/mda_0001/);
  await expect(card).toContainText('Dry run, nothing was kept');
  await card.click();
  await expect(window.page.getByText('mda_0001 was a dry run: nothing of it was kept')).toBeVisible();
  const shots = process.env.REDSUN_SHOTS;
  if (shots) await writeFile(join(shots, 'dry-run.png'), await window.page.screenshot());
  await expect(access(storage)).rejects.toMatchObject({ code: 'ENOENT' });
});
