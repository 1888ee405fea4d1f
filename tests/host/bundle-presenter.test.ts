import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { item, QUICK_SESSION, root, temporaryFolder, testHost } from './test-host.ts';

const MANIFEST = `
name: counter
version: 1.0.0
presenters: {counter: "./counter.ts:CounterPresenter", broken: "./counter.ts:BrokenPresenter"}
`;
const SOURCE = `
import type { Document, DocumentName } from 'redsun/sdk/events';
import { defineChannel, Presenter, serveChannel } from 'redsun/sdk/presenter';
import { Signal, type VirtualContainer } from 'redsun/sdk/virtual';
import { z } from 'zod';

const channel = defineChannel({
  name: 'counter',
  calls: { events: { request: z.void(), response: z.number() } },
  events: {},
  streams: {},
});

export class CounterPresenter extends Presenter {
  readonly counted = new Signal<[number]>();
  readonly channel = serveChannel(channel, { calls: { events: async () => this.#events }, events: {}, streams: {} });
  #events = 0;

  constructor(name, devices, options) {
    super(name, devices);
    this.#events = options.start ?? 0;
  }
  registerProviders(container: VirtualContainer) {
    container.registerCallbacks(this);
  }
  onDocument(name: DocumentName, _doc: Document) {
    if (name === 'event') this.#events++;
  }
}

export class BrokenPresenter extends Presenter {
  constructor(name, devices) {
    super(name, devices);
    throw new Error('out of order');
  }
}
`;

test('presenters of a bundle are built with the session, hear documents and answer calls; a broken one is left out', async () => {
  const folder = await temporaryFolder();
  await cp(join(root, 'plugins', 'sim-microscope'), join(folder, 'sim-microscope'), { recursive: true });
  await mkdir(join(folder, 'counter'));
  await writeFile(join(folder, 'counter', 'redsun.yaml'), MANIFEST);
  await writeFile(join(folder, 'counter', 'counter.ts'), SOURCE);
  const session = `${QUICK_SESSION}
presenters:
  acquisition: {plugin_name: redsun, plugin_id: acquisition}
  tally: {plugin_name: counter, plugin_id: counter, start: 100}
  bad: {plugin_name: counter, plugin_id: broken}
`;
  const host = await testHost(session, { bundleFolders: [folder] });
  // A session that names presenters of bundles keeps the app's own, whether it names them or not.
  expect([...host.server.channels.keys()].sort()).toEqual([
    ...[
      'acquisition',
      'camera',
      'control',
      'counter',
      'light',
      'log',
      'positioner',
      'properties',
      'review',
      'run-data',
      'safety',
      'session',
    ],
    'storage',
  ]);
  expect([...host.services.container.signals.keys()]).toContain('tally');
  expect(host.services.log.records.map(({ source, message }) => `${source}: ${message}`)).toContain(
    'bad: Failed: out of order',
  );

  await host.runs.runToEnd(item('count', { num: 4 }, [['camera']]));
  expect(await callChannel(host.server, 'counter', 'events', undefined, new AbortController().signal)).toBe(104);
});

test('a view of another bundle is refused in words', async () => {
  const session = `${QUICK_SESSION}\nviews: {map: {plugin_name: sim-microscope, plugin_id: map}}\n`;
  await expect(testHost(session)).rejects.toMatchObject({
    code: 'session/invalid',
    message: expect.stringContaining('views.map'),
  });
});
