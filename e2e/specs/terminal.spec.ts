import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { root } from '../fixtures/launch.ts';
import { ramp } from '../fixtures/ramp.ts';
import { type TwoWindows, test } from '../fixtures/two-windows.ts';

/** Items that a terminal runs on the session of the windows. */
async function terminal({ url, folder }: TwoWindows, name: string, ...items: unknown[]) {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(items));
  const documents = join(folder, `${name}.jsonl`);
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  const cli = join(root, 'out', 'main', 'cli.cjs');
  const child = spawn(node, [cli, 'run', file, '--at', url, '--json', '--documents', documents], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, said] = [text(child.stdout), text(child.stderr)];
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    /** @returns the exit code, the line of each item, what was said to people, and the names of the documents */
    async end() {
      const lines = (await out).split('\n').filter(Boolean);
      const kept = (await readFile(documents, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      return {
        code: await code,
        results: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
        said: await said,
        documents: kept.map((line) => (JSON.parse(line) as { name: string }).name),
      };
    },
  };
}

const count = (num: number, delay: number) => ({
  item_type: 'plan',
  name: 'count',
  args: [['camera']],
  kwargs: { num, delay },
});

test.use({ sessionName: 'ramp.yaml' });

test('a terminal and two browsers on one session: it is handed the control, and the one that looks on stops its run', async ({
  two,
}) => {
  const { first, second } = two;
  await first.ready();
  await second.ready();
  await first.snap();
  const long = await terminal(two, 'long', count(2000, 0.05));
  const request = first.page.getByRole('alertdialog', { name: /asks for control$/ });
  await expect(request).toContainText('A terminal on this computer asks for control of the microscope');
  await first.button('Hand over').click();
  await expect(second.runPanel).toBeVisible();
  await expect(second.button('Snap')).toHaveAttribute('title', 'A terminal on this computer has control');
  await expect.poll(() => second.frameIndex()).toBeGreaterThan(8);
  await second.stop.click();
  const { code, results, said, documents } = await long.end();
  expect(code).toBe(1);
  expect(results).toMatchObject([{ exit_status: 'abort', reason: expect.stringMatching(/^STOP by /) }]);
  expect(said).toContain('on this computer has control of the microscope: asked for it.');
  expect([documents[0], documents.at(-1)]).toEqual(['start', 'stop']);
  expect(documents).toContain('stream_datum');

  // The terminal has gone, and the control is anybody's.
  await first.button('Re-arm').click();
  const next = await terminal(two, 'short', count(3, 0));
  await first.button('Hand over').click();
  const short = await next.end();
  expect(short).toMatchObject({ code: 0, results: [{ exit_status: 'success', reason: '' }] });

  // Both review it; one closes its store by opening another, the other reads on.
  const newest = (window: typeof first) => window.page.getByRole('list', { name: 'Runs' }).getByRole('button').first();
  for (const window of [first, second]) {
    await window.show('Review');
    await newest(window).click();
    expect(await window.storedPixel(11, 7)).toBe(ramp(0, 11, 7));
  }
  await first.page.getByRole('list', { name: 'Runs' }).getByRole('button').nth(1).click();
  await expect(first.page.getByRole('slider', { name: 'Time' })).toHaveAttribute('max', /^([4-9]|\d{2,})$/);
  await second.page.getByRole('slider', { name: 'Time' }).fill('2');
  await expect.poll(() => second.storedPixel(11, 7)).toBe(ramp(2, 11, 7));
});

test('a terminal whose request is refused says by whom, and nothing moves', async ({ two }) => {
  const { first } = two;
  await first.ready();
  await first.snap();
  const run = await terminal(two, 'refused', count(1, 0));
  await expect(first.page.getByRole('alertdialog', { name: /asks for control$/ })).toBeVisible();
  await first.button('Keep control').click();
  const { code, results, said } = await run.end();
  expect(results).toEqual([]);
  expect(said).toMatch(/keeps the control/);
  expect(code).not.toBe(0);
});
