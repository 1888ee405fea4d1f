import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPython } from '../../tests/python/venv.ts';
import { expect, test } from '../fixtures/app.ts';

interface ForeignStore {
  readonly path: string;
  readonly writer: string;
  readonly shape: readonly number[];
  readonly index: readonly number[];
  readonly pixel: number;
}

let folder = '';
let stores: readonly ForeignStore[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-foreign-'));
  stores = JSON.parse(await runPython('make_foreign_stores.py', [folder]));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('stores that other programs wrote open in Review, and a pixel of each is what zarr-python reads', async ({
  app: { window },
}) => {
  expect(stores.length).toBeGreaterThanOrEqual(10);
  await window.ready();
  await window.show('Review');
  for (const { path, index, pixel } of stores) {
    await test.step(path, async () => {
      await window.openStore(join(folder, path));
      await expect(window.storedImage).toHaveAttribute('data-store', new RegExp(`${path}$`));
      // A slider per axis of the array, the channel's included.
      for (const slider of await window.page.getByRole('tabpanel', { name: 'Viewer' }).getByRole('slider').all()) {
        const axis = await slider.getAttribute('data-axis');
        if (axis !== null) await slider.fill(String(index[Number(axis)] ?? 0));
      }
      const [y = 0, x = 0] = index.slice(-2);
      await expect.poll(() => window.storedPixel(x, y)).toBeCloseTo(pixel, 3);
    });
  }
});

test('a plate is gone through by well and field', async ({ app: { window } }) => {
  await window.ready();
  await window.show('Review');
  await window.openStore(join(folder, 'ome-zarr-py-0.5-plate'));
  const choice = (label: string) => window.page.getByRole('combobox', { name: label, exact: true });
  const shows = async (well: string, field: string) => {
    await expect(window.storedImage).toHaveAttribute('data-loaded', 'true');
    await expect(choice('Well').locator('option:checked')).toHaveText(well);
    await expect(choice('Field').locator('option:checked')).toHaveText(field);
  };
  await shows('Well A1', 'Field 1');
  await choice('Field').selectOption({ label: 'Field 2' });
  await shows('Well A1', 'Field 2');
  await choice('Well').selectOption({ label: 'Well B2' });
  await shows('Well B2', 'Field 2');
});

test('what is no store says so in words', async ({ app: { window } }) => {
  await window.ready();
  await window.show('Review');
  await window.openStore(tmpdir());
  await expect(window.page.getByText(/no Zarr|not a (Zarr )?store|no zarr/i).first()).toBeVisible();
});
