import { spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { QUICK_SESSION, root, temporaryFolder } from '../host/test-host.ts';
import { builtCli, nodeBinary } from './built-cli.ts';

const SOURCE = `
import { Presenter } from 'redsun/sdk/presenter';
export class Careless extends Presenter {
  constructor(name, devices) {
    super(name, devices);
    setTimeout(() => { throw new Error('a timer of a bundle'); }, 1);
    void Promise.reject(new Error('a forgotten promise'));
  }
}
`;

test('what a bundle throws where nobody catches it is told, and the host goes on', async () => {
  const folder = await temporaryFolder();
  const bundles = join(folder, 'bundles');
  await cp(join(root, 'plugins', 'sim-microscope'), join(bundles, 'sim-microscope'), { recursive: true });
  await mkdir(join(bundles, 'careless'));
  await writeFile(
    join(bundles, 'careless', 'redsun.yaml'),
    'name: careless\nversion: 1.0.0\npresenters: {careless: "./careless.ts:Careless"}\n',
  );
  await writeFile(join(bundles, 'careless', 'careless.ts'), SOURCE);
  const session = join(folder, 'session.yaml');
  await writeFile(session, `${QUICK_SESSION}\npresenters: {c: {plugin_name: careless, plugin_id: careless}}\n`);

  const child = spawn(nodeBinary, [await builtCli(), 'serve', session, '--json', '--out', join(folder, 'runs')], {
    env: { ...process.env, REDSUN_PLUGINS: `=${bundles}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      ({ url } = JSON.parse(line) as { url: string });
      break;
    }
    await expect.poll(() => complaints, { timeout: 10_000 }).toContain('Nobody caught: Error: a timer of a bundle');
    expect(complaints).toContain('a forgotten promise');
    // Whether the page was built is of no matter here: somebody answers.
    expect([200, 404]).toContain((await fetch(url)).status);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
});
