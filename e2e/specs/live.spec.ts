import { expect, test } from '../fixtures/app.ts';
import { apart, coarsePicture } from '../pages/coarse-picture.ts';

test('the live image goes on by itself and changes when the stage moves', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.button('Live').click();
  await window.tick('Auto-stretch, ignore').uncheck();
  const picture = async () => {
    await window.nextFrame();
    await window.nextFrame();
    return coarsePicture(window.liveImage);
  };
  const here = await picture();
  const noise = apart(here, await picture());
  await window.type('X target', '120');
  await expect(window.output('X read back')).toHaveText(/^1(19|20)\.\d\d$/);
  // Another part of the sample, and not the noise of the camera alone.
  await expect.poll(async () => apart(here, await picture())).toBeGreaterThan(5 * noise + 1);
  await window.type('X target', '0');
  await expect(window.output('X read back')).toHaveText(/^-?0\.\d\d$/);
  await expect.poll(async () => apart(here, await picture())).toBeLessThan(2 * noise + 0.5);
  await window.button('Stop live').click();
  await expect(window.button('Live')).toBeVisible();
});

test('lights burn only while something is exposed, and say so', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  const laser = window.page.getByRole('switch', { name: '488 nm' });
  await expect(laser).not.toBeChecked();
  await window.button('Live').click();
  await expect(laser).toBeChecked();
  await expect(window.statusBar).toContainText('488 on');
  await window.button('Stop live').click();
  await expect(laser).not.toBeChecked();
  await expect(window.statusBar).toContainText('Lights off');
});

test('contrast, zoom and the pixel read-out follow the hand', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.snap();
  await window.liveImage.hover();
  await expect(window.output('Pixel value')).toContainText(/x\s*\d+.*y\s*\d+.*px/);
  const zoom = window.output('Zoom');
  const fit = await zoom.textContent();
  await window.button('1 : 1').click();
  await expect(zoom).not.toHaveText(fit ?? '');
  await expect(zoom).toHaveText(/100/);
  await window.type('FITC low', '7');
  await window.type('FITC high', '60000');
  await window.button('Auto once').click();
  const limit = async (name: string) => Number((await window.field(name).inputValue()).replaceAll(/[^\d.]/g, ''));
  await expect.poll(() => limit('FITC high')).toBeLessThan(60_000);
  // Within what is in the picture: neither end of the camera's range.
  const [, min, max] =
    /Min ([\d\s.]+) .* max ([\d\s.]+)$/u.exec((await window.page.getByText(/^Min /).textContent()) ?? '') ?? [];
  const [least, most] = [min, max].map((text) => Number((text ?? '').replaceAll(/\s/gu, '')));
  expect(await limit('FITC low')).toBeGreaterThanOrEqual(least!);
  expect(await limit('FITC high')).toBeLessThanOrEqual(most!);
  expect(await limit('FITC high')).toBeGreaterThan(await limit('FITC low'));
});

test('a picture says what it is, also when Live is over and after the page is loaded again', async ({
  app: { window },
}) => {
  await window.ready();
  const title = window.page.locator('.live-view .at-top-left');
  await window.button('Live').click();
  await expect(title).toContainText(/^Live /);
  await window.button('Stop live').click();
  await expect(title).toContainText(/^Last of Live .*\d\d:\d\d:\d\d$/);
  await window.page.reload();
  await expect(title).toContainText(/^Last of Live /);
  await window.snap();
  await expect(title).toContainText(/^Snap /);
  await window.plan({ channels: ['FITC', 'Cy5'], planes: { count: 2, stepUm: 1 } });
  await window.button('Run').click();
  await expect(title).toContainText('Last of mda_0001 position 1, time 1, plane 2 · FITC + Cy5');
});

test('a target outside the limits is refused in words, and the stage stays', async ({ app: { window } }) => {
  await window.ready();
  await window.type('Z target', '99999');
  await expect(window.page.getByText(/limit/i).first()).toBeVisible();
  await expect(window.output('Z read back')).toHaveText('0.00');
});

test('STOP ends Live, puts the lights out and refuses to move until it is re-armed', async ({ app: { window } }) => {
  await window.ready();
  await window.chooseChannel('FITC');
  await window.button('Live').click();
  await window.nextFrame();
  await window.stop.click();
  const notice = window.page.getByRole('alertdialog').or(window.page.getByRole('dialog'));
  await expect(notice).toContainText(/Stopped/);
  await expect(notice).toContainText('xy');
  await expect(window.statusBar).toContainText('Lights off');
  await window.button(/Re-arm/).click();
  await window.snap();
});

test('Esc stops as the button does', async ({ app: { window } }) => {
  await window.ready();
  await window.button('Live').click();
  await window.nextFrame();
  await window.page.keyboard.press('Escape');
  await expect(window.button(/Re-arm/)).toBeVisible();
  await expect(window.button('Live')).toBeVisible();
});
