import { expect, test } from 'vitest';
import { fakeMemory } from '../testing/fake-bridge.ts';
import { createHostStore } from './host-store.ts';
import { tellLeftBehind } from './tell-left-behind.ts';
import { createWindowStore } from './window-store.ts';

test('a part that was left behind is told in a notice, once', () => {
  const host = createHostStore();
  const view = createWindowStore(fakeMemory());
  tellLeftBehind(host, view);
  const line = { time: 5, level: 'error', source: 'tally', message: 'Left behind: it did not shut down in 5000 ms' };
  const other = { time: 6, level: 'error', source: 'camera', message: 'Failed: no hardware' };
  host.setState({ log: [{ id: 0, ...line }] });
  host.setState({
    log: [
      { id: 1, ...line },
      { id: 2, ...other },
    ],
  });
  expect(view.getState().toasts).toMatchObject([
    { kind: 'error', title: 'tally was left behind', detail: 'it did not shut down in 5000 ms', times: 1 },
  ]);
});
