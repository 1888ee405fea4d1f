import { ManualClock } from 'redsun/sdk/testing';
import { RedsunError } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import { FakeBridge, fakeMemory } from '../testing/fake-bridge.ts';
import { createCommands } from './commands.ts';
import { createHostStore } from './host-store.ts';
import { addToast, createWindowStore } from './window-store.ts';

function built(answers: ConstructorParameters<typeof FakeBridge>[0] = {}, isGuardianReached = false) {
  const bridge = new FakeBridge(answers);
  const host = createHostStore();
  host.setState({ bridge: { kind: 'open' } });
  const view = createWindowStore(fakeMemory());
  const clock = new ManualClock();
  const heard: string[] = [];
  const guardian = {
    stop: (by: string) => {
      if (isGuardianReached) heard.push(by);
      return isGuardianReached;
    },
  };
  return { bridge, host, view, clock, heard, commands: createCommands(bridge, host, view, guardian, clock) };
}
const refuse = (code: string) => () => {
  throw new RedsunError(code, `refused with ${code}`);
};

describe('commands', () => {
  test('STOP is asked for whatever is locked', async () => {
    const { bridge, host, commands } = built();
    host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
    await commands.stop('Esc');
    expect(bridge.asked).toEqual([{ call: 'safety.stop', request: { by: 'Esc' } }]);
  });

  test('STOP goes to the guardian at the same time, also when the host is out of reach', async () => {
    const { bridge, view, heard, commands } = built({}, true);
    await commands.stop('Esc');
    bridge.become({ kind: 'lost', reason: 'closed' });
    await commands.stop('button');
    expect([heard, bridge.asked.length]).toEqual([['Esc', 'button'], 1]);
    expect(view.getState()).toMatchObject({ stopUnreached: null, stopUnanswered: 'button' });
  });

  test('a host that does not answer a STOP in half a second is called silent, until it does', async () => {
    let answer: (report: unknown) => void = () => {};
    const { view, clock, commands } = built(
      { 'safety.stop': () => new Promise((resolve) => (answer = resolve)) },
      true,
    );
    const stopping = commands.stop('Esc');
    await clock.advance(499);
    expect(view.getState().stopUnanswered).toBeNull();
    await clock.advance(1);
    expect(view.getState().stopUnanswered).toBe('Esc');
    answer({});
    await stopping;
    expect(view.getState().stopUnanswered).toBeNull();
  });

  test('STOP says so when the host is out of reach', async () => {
    const { bridge, view, commands } = built();
    bridge.become({ kind: 'lost', reason: 'closed' });
    await commands.stop('button');
    expect(bridge.asked).toEqual([]);
    expect(view.getState().stopUnreached).toMatch(/cannot reach the host/);
  });

  test('STOP brings back a notice that was put aside', async () => {
    const { view, commands } = built();
    view.setState({ stopNoticeClosed: true });
    await commands.stop('button');
    expect(view.getState().stopNoticeClosed).toBe(false);
  });

  test('All off works during a run, a move does not', async () => {
    const { bridge, host, view, commands } = built();
    host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
    await commands.allOff();
    await commands.move('z', 5);
    expect(bridge.asked.map(({ call }) => call)).toEqual(['light.allOff']);
    expect(view.getState().toasts[0]?.title).toBe('Move of z is locked');
  });

  test('another folder is asked for by its path, and a refusal is told', async () => {
    const { bridge, commands } = built();
    await commands.goOnIn('/mnt/other');
    expect(bridge.asked).toEqual([{ call: 'acquisition.goOnIn', request: { folder: '/mnt/other' } }]);
    const refused = built({ 'acquisition.goOnIn': refuse('target/no-links') });
    await refused.commands.goOnIn('/mnt/other');
    expect(refused.view.getState().toasts[0]).toMatchObject({ title: 'Another folder did not work' });
  });

  test('what a recovery found is told, what was lost first; one that was given up by hand says nothing', async () => {
    const run = { id: '2026-11-22/mda_0003', name: 'mda_0003' };
    const recovered = async (found: object) => {
      const { view, commands } = built({ 'review.recover': () => found });
      addToast(view, { kind: 'warn', title: 'mda_0003 was interrupted' });
      await commands.recover(run, new AbortController().signal);
      const [toast, ...overtaken] = view.getState().toasts;
      expect(overtaken).toEqual([]);
      return toast;
    };
    const whole = { state: 'repaired', found: 43, torn: 2, lost: 0, problems: [] };
    expect(await recovered(whole)).toMatchObject({
      kind: 'done',
      title: 'mda_0003 is whole: 43 frames',
      detail: '2 that were being written were cut off.',
    });
    expect(await recovered({ ...whole, torn: 0 })).toMatchObject({ detail: 'Nothing was lost.' });
    const damaged = { ...whole, state: 'damaged', found: 1, lost: 2, problems: ['frame 4 is not there', 'frame 5'] };
    expect(await recovered(damaged)).toMatchObject({
      kind: 'error',
      title: 'mda_0003 is damaged: 1 frame can be read',
      detail: 'frame 4 is not there, and 1 more in the log',
    });

    const refused = built({ 'review.recover': refuse('recover/busy') });
    await refused.commands.recover(run, new AbortController().signal);
    expect(refused.view.getState().toasts[0]).toMatchObject({ title: 'Recover did not work' });
    const cancelled = built({ 'review.recover': refuse('channel/cancelled') });
    await cancelled.commands.recover(run, AbortSignal.abort());
    expect(cancelled.view.getState().toasts).toEqual([]);
  });

  test('a run that is gone on with is looked at where runs are, and a refusal stays where it was asked for', async () => {
    const { bridge, view, commands } = built();
    view.setState({ layout: 'review' });
    await commands.goOnWith('2026-11-22/mda_0003');
    expect(bridge.asked).toEqual([{ call: 'acquisition.goOnWith', request: { id: '2026-11-22/mda_0003' } }]);
    expect(view.getState().layout).toBe('acquire');
    const refused = built({ 'acquisition.goOnWith': refuse('recover/not-resumable') });
    refused.view.setState({ layout: 'review' });
    await refused.commands.goOnWith('2026-11-22/mda_0003');
    expect(refused.view.getState()).toMatchObject({ layout: 'review', toasts: [{ title: 'Go on did not work' }] });
  });

  test('Pause waits for the end of the step, and asked again does not', async () => {
    const { bridge, host, commands } = built();
    host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
    await commands.pause();
    host.setState({ acquisition: { engine: 'running', pausePending: true, run: null, last: null } });
    await commands.pause();
    expect(bridge.asked).toEqual([
      { call: 'acquisition.pause', request: { defer: true } },
      { call: 'acquisition.pause', request: { defer: false } },
    ]);
  });

  test('a refusal becomes a notice, the same one again is counted', async () => {
    const { view, commands } = built({ 'positioner.move': refuse('device/limit') });
    await commands.move('z', 5e6);
    await commands.move('z', 5e6);
    expect(view.getState().toasts).toMatchObject([
      { kind: 'error', title: 'Move of z did not work', detail: 'refused with device/limit', times: 2 },
    ]);
  });

  test('a move that a newer one took over is no failure', async () => {
    const { view, commands } = built({ 'positioner.move': refuse('device/superseded') });
    await commands.move('z', 5);
    expect(view.getState().toasts).toEqual([]);
  });

  test('Snap without a camera says what is missing', async () => {
    const { bridge, view, commands } = built();
    await commands.snap();
    expect(bridge.asked).toEqual([]);
    expect(view.getState().toasts[0]?.title).toBe('Snap needs a camera');
  });
});
