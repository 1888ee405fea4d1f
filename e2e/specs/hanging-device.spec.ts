import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures/app.ts';
import type { AcquirePage } from '../pages/acquire-page.ts';

test.use({ session: 'stuck.yaml' });

// The focus takes the first move of the stack and never arrives; it does not answer to a stop either.
test.beforeEach(async ({ app: { window } }) => {
  await window.ready();
  await window.plan({ channels: ['FITC'], planes: { count: 3, stepUm: 1 } });
  await window.button('Run').click();
  await expect(window.runState).toHaveText(/Running/);
});

/** Clicks, and notes how long the window took to show the state: measured in the page, and not what decides. */
async function told(window: AcquirePage, button: Locator, state: string): Promise<void> {
  await expect(button).toBeEnabled();
  const shown = await window.runState.evaluateHandle((output, wanted) => {
    let clickedMs = Number.NaN;
    const clicked = () => {
      clickedMs = performance.now();
    };
    output.ownerDocument.addEventListener('click', clicked, { capture: true, once: true });
    const ms = new Promise<number>((resolve) => {
      const look = () => {
        if (output.getAttribute('data-engine') === wanted) resolve(performance.now() - clickedMs);
        else setTimeout(look, 5);
      };
      look();
    });
    return { ms };
  }, state);
  await button.click();
  const ms = await shown.evaluate(({ ms: took }) => took);
  test.info().annotations.push({ type: `ms until ${state}`, description: ms.toFixed(0) });
}

test('a run that waits for a device that hangs can be paused at once, resumed and stopped', async ({
  app: { window },
}) => {
  await window.runPanel.getByRole('button', { name: 'Pause', exact: true }).click();
  await told(window, window.runPanel.getByRole('button', { name: 'Pause now' }), 'paused');
  await expect(window.runState).toHaveText(/Paused/);
  await window.button('Resume').click();
  await expect(window.runState).toHaveText(/Running/);
  await window.runPanel.getByRole('button', { name: 'Stop', exact: true }).click();
  // The clean-up brings the focus home, and hangs as well: only halt gets through.
  await window.button('Halt').click();
  await expect(window.runState).toHaveText('Idle');
});

test('an abort whose clean-up hangs is ended by halt, and the lights are out', async ({ app: { window } }) => {
  await told(window, window.button('Abort'), 'aborting');
  await expect(window.button('Halt')).toBeVisible();
  await told(window, window.button('Halt'), 'idle');
  await expect(window.runState).toHaveText('Idle');
  await expect(window.page.getByText(/mda_0001 aborted/i).first()).toBeVisible();
  await expect(window.page.getByText(/Lights off/i).first()).toBeVisible();
});

test('STOP reaches a run whose device hangs, and says which one did not answer', async ({ app: { window } }) => {
  await window.stop.click();
  const notice = window.page.getByRole('alertdialog');
  await expect(notice).toContainText(/1 of \d+ devices not confirmed/);
  await expect(notice).toContainText('z');
  await expect(window.runState).toHaveAttribute('data-engine', 'idle');
});
