import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/app.ts';
import { root } from '../fixtures/launch.ts';

test.use({ session: join('..', '..', '..', 'sessions', 'simulated.yaml') });

/** `REDSUN_WRITE_IMAGES=1` puts the pictures where the README shows them. */
const imageFolder = process.env.REDSUN_WRITE_IMAGES ? join(root, 'docs', 'images') : null;

test('the window that the README shows: the default session after a snap', async ({ app: { window } }) => {
  await window.ready();
  await window.page.getByRole('combobox', { name: 'Objective' }).selectOption('20x/0.75');
  await expect(window.page.getByRole('combobox', { name: 'Objective' })).toHaveValue('20x/0.75');
  await window.chooseChannel('FITC');
  await window.snap();
  await window.plan({
    channels: ['DAPI', 'FITC'],
    planes: { count: 11, stepUm: 0.5 },
    times: { count: 12, intervalS: 30 },
  });
  await expect(window.output('Total frames')).toHaveText('264');
  const picture = await window.page.screenshot();
  expect(picture.byteLength).toBeGreaterThan(50_000);
  if (!imageFolder) return;
  await mkdir(imageFolder, { recursive: true });
  await writeFile(join(imageFolder, 'acquire.png'), picture);
});
