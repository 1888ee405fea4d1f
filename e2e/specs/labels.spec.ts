import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPython } from '../../tests/python/venv.ts';
import { expect, test } from '../fixtures/app.ts';
import { seriousFaults } from '../fixtures/axe.ts';
import type { AcquirePage } from '../pages/acquire-page.ts';

let folder = '';
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-labels-'));
  await runPython('make_labelled_store.py', [join(folder, 'labelled.zarr')]);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

const SIZE = 64;

/** Where pixel (x, y) of the fitted picture is in the window. */
async function placeOf(window: AcquirePage, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await window.storedImage.boundingBox()) ?? { x: 0, y: 0, width: 1, height: 1 };
  const scale = Math.min(box.width, box.height) / SIZE;
  return {
    x: box.x + box.width / 2 + (x + 0.5 - SIZE / 2) * scale,
    y: box.y + box.height / 2 + (y + 0.5 - SIZE / 2) * scale,
  };
}

/** Of a canvas in the page, what is read here. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(
    kind: '2d',
  ): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } | null;
}

/** RGBA that the labels put over pixel (x, y) of the picture. */
async function overlayAt(window: AcquirePage, x: number, y: number): Promise<number[]> {
  return window.page.getByRole('img', { name: 'Labels', exact: true }).evaluate(
    (element, at) => {
      const canvas = element as unknown as Canvas;
      const scale = Math.min(canvas.width, canvas.height) / at.size;
      const left = canvas.width / 2 + (at.x + 0.5 - at.size / 2) * scale;
      const top = canvas.height / 2 + (at.y + 0.5 - at.size / 2) * scale;
      return [...(canvas.getContext('2d')?.getImageData(Math.round(left), Math.round(top), 1, 1).data ?? [])];
    },
    { x, y, size: SIZE },
  );
}

test('labels lie over the stored picture in the colours of the store, each switched on and off, and are read under the pointer', async ({
  app: { window },
}) => {
  await window.ready();
  await window.show('Review');
  await window.openStore(join(folder, 'labelled.zarr'));
  await expect(window.storedImage).toHaveAttribute('data-loaded', 'true');
  const cells = window.page.getByRole('switch', { name: 'Label cells' });
  const nuclei = window.page.getByRole('switch', { name: 'Label nuclei' });
  await expect(cells).toBeChecked();
  await expect(nuclei).not.toBeChecked();

  await expect.poll(() => overlayAt(window, 40, 40)).toEqual([255, 0, 0, 128]);
  expect((await overlayAt(window, 60, 4))[3]).toBe(0);
  const [, , , own] = await overlayAt(window, 16, 16);
  expect(own).toBe(128);

  const under = window.output('Label at pixel');
  const hover = async (x: number, y: number) => {
    const place = await placeOf(window, x, y);
    await window.page.mouse.move(place.x, place.y);
  };
  await hover(40, 40);
  await expect(under).toHaveText('cells 2, class: nucleus, area (um2): 12');
  await hover(16, 16);
  await expect(under).toHaveText('cells 1');

  await nuclei.click();
  await hover(40, 40);
  // Half as fine as the picture, and the same for all planes.
  await expect(under).toHaveText('cells 2, class: nucleus, area (um2): 12 · nuclei 9');
  await nuclei.click();

  const shots = process.env.REDSUN_SHOTS;
  for (const theme of ['dark', 'light']) {
    if (theme === 'light') await window.button('Light theme').click();
    expect(await seriousFaults(window.page)).toEqual([]);
    if (shots) await writeFile(join(shots, `labels-${theme}.png`), await window.page.screenshot());
  }

  const z = window.page.getByRole('slider', { name: /^Z/ });
  await z.focus();
  await z.press('End');
  await expect.poll(() => overlayAt(window, 4, 4)).toEqual([0, 0, 255, 128]);

  const opacity = window.page.getByRole('slider', { name: 'Label opacity' });
  await opacity.focus();
  await opacity.press('End');
  await expect.poll(() => overlayAt(window, 4, 4)).toEqual([0, 0, 255, 255]);
  await cells.click();
  await expect(window.page.getByRole('img', { name: 'Labels', exact: true })).toBeHidden();
  await expect(under).toBeHidden();
});
