import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';
import { verifyStores } from '../fixtures/python.ts';

// The second needs Linux and root, to mount a small file system.

test.use({ session: 'ramp.yaml' });

const shell = promisify(execFile);
const TIMES = 60;

test('room and speed of the disk are said before a run, with units', async ({ app: { window } }) => {
  await window.ready();
  await window.plan({ channels: ['FITC'], times: { count: TIMES, intervalS: 0 } });
  // 60 frames of 256 x 256 pixels of 2 bytes, and an index.
  await expect(window.output('Total size')).toHaveText('7.87 MB');
  await expect(window.page.getByText(/^Fits, leaves [\d.]+ [GT]B$/)).toBeVisible();
  await expect(window.output('Disk speed')).toHaveText(/^Disk takes [\d.]+ [MG]B\/s, needs [\d.]+ [kM]B\/s$/);
  await window.page.screenshot({ path: test.info().outputPath('before-the-run.png') });
});

test('a run on a full disk goes on in another folder that the operator types in', async ({ app }) => {
  const { window, storage } = app;
  await window.ready();
  const day = join(storage, 'e2e', new Date().toLocaleDateString('sv'));
  await mkdir(day, { recursive: true });
  await shell('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', day]);
  try {
    await window.plan({ channels: ['FITC'], times: { count: TIMES, intervalS: 0 } });
    await window.button('Run').click();
    await expect(window.runState).toHaveText(/Paused/);
    await expect(window.runPanel.getByText(/the disk is full/).first()).toBeVisible();
    // What has happened is no longer foretold.
    await expect(window.runPanel.getByText(/^Full at/)).toHaveCount(0);
    await window.button('Choose another folder').click();
    const folder = window.page.getByRole('textbox', { name: 'Folder on another disk' });
    await expect(folder).toBeFocused();
    await expect(window.button('Go on there')).toBeDisabled();
    expect(await seriousFaults(window.page)).toEqual([]);

    // The same disk will not do, and the run stays paused.
    await folder.fill(join(day, 'here'));
    await folder.press('Enter');
    await expect(window.page.getByText('Another folder did not work')).toBeVisible();
    await expect(window.runState).toHaveText(/Paused/);

    const other = join(storage, '..', 'other disk');
    await folder.fill(other);
    await window.page.screenshot({ path: test.info().outputPath('choose.png') });
    await window.button('Go on there').click();
    await expect(window.runState).toHaveText('Idle', { timeout: 30_000 });
    await expect(window.page.getByText(/Run mda_0001 done/)).toBeVisible();
    expect(await readdir(other)).toEqual([expect.stringMatching(/^mda_0001-part-/)]);
    await window.button('Review').click();
    await expect(window.storedImage).toBeVisible();
    const time = window.page.getByRole('slider', { name: /^Time/ });
    await time.focus();
    await time.press('End');
    // The last exposure, which lies in the other folder.
    await expect(time).toHaveAttribute('aria-valuetext', `${TIMES} of ${TIMES}`);
    // Where a frame cannot be read, the picture is not shown as one.
    await expect.poll(() => window.storedPixel(11, 7)).toBeGreaterThan(0);
    const [report] = await verifyStores([{ store: join(day, 'mda_0001', 'data.ome.zarr'), pixels: 'none' }]);
    expect(report?.failures).toEqual([]);
  } finally {
    await shell('umount', ['-l', day]);
  }
});
