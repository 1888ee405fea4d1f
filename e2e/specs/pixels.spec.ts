import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/app.ts';
import { ramp } from '../fixtures/ramp.ts';
import type { AcquirePage } from '../pages/acquire-page.ts';

/** Red of a grey channel at its upper limit: `#c9ced4`. */
const BRIGHT = 201;

interface Shown {
  /** Image point in the middle, and CSS pixels per image pixel. */
  readonly centre: readonly [x: number, y: number];
  readonly scale: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Red of each pixel of the canvas, C order. */
  readonly red: readonly number[];
}

/** Part of the picture that is on the screen, as it was painted. */
async function shown(page: Page): Promise<Shown> {
  const canvas = page.locator('.live-view canvas').first();
  const [x = 0, y = 0, scale = 1] = ((await canvas.getAttribute('data-view')) ?? '').split(' ').map(Number);
  const painted = await canvas.evaluate((node) => {
    const { width, height } = node as unknown as { width: number; height: number };
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(node, 0, 0, width, height);
    const { data } = copy.getImageData(0, 0, width, height);
    return {
      widthPx: width,
      heightPx: height,
      red: Array.from({ length: width * height }, (_, at) => data[4 * at] ?? 0),
    };
  });
  return { centre: [x, y], scale, ...painted };
}
declare const OffscreenCanvas: new (
  width: number,
  height: number,
) => {
  getContext(kind: '2d'): {
    drawImage(canvas: unknown, x: number, y: number, width: number, height: number): void;
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
};

/** Mean of a block of n x n pixels of frame `i` whose first is (x, y): by hand. */
function meanOf(i: number, x: number, y: number, step: number): number {
  let sum = 0;
  for (let row = 0; row < step; row++)
    for (let column = 0; column < step; column++) sum += ramp(i, x + column, y + row);
  return Math.round(sum / step ** 2);
}

/** Compares what is painted, and what is read under the pointer, with the formula. */
async function expectFormula(window: AcquirePage, step: number): Promise<void> {
  const { page } = window;
  await expect(window.liveImage).toHaveAttribute('data-step', String(step));
  await page.mouse.move(0, 0);
  const frame = (await window.frameIndex()) - 1;
  const { centre } = await shown(page);
  // A window of contrast in which one count is nearly one step of brightness.
  const low = ramp(frame, Math.round(centre[0]), Math.round(centre[1])) - 100;
  await window.type('FITC low', String(low));
  await window.type('FITC high', String(low + BRIGHT));
  await expect(window.field('FITC high')).toHaveValue(
    new RegExp(String(low + BRIGHT).replace(/(\d)(\d{3})$/, '$1.?$2')),
  );
  const expected = (image: { x: number; y: number }) =>
    meanOf(frame, Math.floor(image.x / step) * step, Math.floor(image.y / step) * step, step);
  await expect
    .poll(async () => {
      const { centre: at, scale, widthPx, heightPx, red } = await shown(page);
      let worst = 0;
      let where = '';
      let compared = 0;
      for (const row of [-8, -5, -2, 0, 3, 6].map((from) => Math.round(heightPx / 2) + from)) {
        for (let column = Math.round(0.3 * widthPx); column < 0.7 * widthPx; column++) {
          const x = at[0] + (column + 0.5 - widthPx / 2) / scale;
          const y = at[1] + (row + 0.5 - heightPx / 2) / scale;
          const counts = expected({ x, y });
          if (counts < low || counts > low + BRIGHT) continue;
          compared++;
          const painted = red[row * widthPx + column] ?? 0;
          if (Math.abs(painted - (counts - low)) <= worst) continue;
          worst = Math.abs(painted - (counts - low));
          where = `at ${x}, ${y} painted ${painted} for ${counts} - ${low}`;
        }
      }
      return compared < 20 ? `only ${compared} pixels compared` : worst <= 1 ? 'equal' : where;
    })
    .toBe('equal');

  const box = (await window.liveImage.boundingBox())!;
  const readout = window.output('Pixel value');
  for (const [dx, dy] of [
    [0.4, 0.4],
    [0.55, 0.6],
    [0.61, 0.37],
  ] as const) {
    await page.mouse.move(box.x + dx * box.width, box.y + dy * box.height);
    await expect
      .poll(async () => {
        const [x, y, counts] = await Promise.all(
          ['data-x', 'data-y', 'data-counts'].map(async (name) => Number(await readout.getAttribute(name))),
        );
        return counts === expected({ x: x!, y: y! });
      })
      .toBe(true);
  }
  if (step > 1) await expect(readout).toContainText(`mean of ${step} × ${step}`);
  else await expect(readout).not.toContainText('mean of');
}

/** Live until a few pictures were seen; the last one stands. */
async function lookLive(window: AcquirePage): Promise<void> {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.page.getByRole('radio', { name: 'Grey' }).click();
  await window.tick('Auto-stretch, ignore').uncheck();
  await window.button('Live').click();
  await window.nextFrame();
  await window.button('Stop live').click();
  await expect(window.button('Live')).toBeVisible();
}

test.describe('a camera of 2048 x 2048', () => {
  test.use({ session: 'ramp-2048.yaml' });

  test('every pixel in sight is the camera’s own at 1:1 and 4:1; zoomed out each is the mean of a whole block', async ({
    app: { window },
  }) => {
    await lookLive(window);
    await window.liveImage.focus();
    await window.page.keyboard.press('Control+0');
    await expectFormula(window, 1);
    for (const zoom of ['200 %', '400 %']) {
      await window.liveImage.focus();
      await window.page.keyboard.press('+');
      await expect(window.output('Zoom')).toHaveText(zoom);
    }
    await expectFormula(window, 1);
    for (const zoom of ['200 %', '100 %', '50 %', '25 %']) {
      await window.liveImage.focus();
      await window.page.keyboard.press('-');
      await expect(window.output('Zoom')).toHaveText(zoom);
    }
    await expectFormula(window, 4);
  });
});

test.describe('a camera of 4096 x 4096', () => {
  test.use({ session: 'ramp-4096.yaml' });

  test('every pixel in sight arrives at 1:1, wherever the picture is pushed', async ({ app: { window } }) => {
    await lookLive(window);
    const { page, liveImage } = window;
    await liveImage.focus();
    await page.keyboard.press('Control+0');
    await expectFormula(window, 1);
    const box = (await liveImage.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (let push = 0; push < 4; push++) {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 0.4 * box.width, y - 0.4 * box.height, { steps: 4 });
      await page.mouse.up();
    }
    await expectFormula(window, 1);
  });
});
