import { EMPTY_RUN_DATA, type RunData, type RunDataUpdate } from 'redsun/sdk/callbacks';
import { describe, expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { mirrorRunData } from './run-data-mirror.ts';

const note = (text: string): RunDataUpdate => ({ kind: 'note', note: text });

/** A mirror of a host whose answers come when they are let. */
function mirrored() {
  const answers: ((answer: { version: number; data: RunData }) => void)[] = [];
  const bridge = new FakeBridge({ 'run-data.all': () => new Promise((resolve) => answers.push(resolve)) });
  const shown: RunData[] = [];
  mirrorRunData(bridge, (data) => shown.push(data));
  return {
    bridge,
    shown,
    answers,
    answer: async (version: number, ...notes: string[]) => {
      answers.at(-1)?.({ version, data: { ...EMPTY_RUN_DATA, notes } });
      await Promise.resolve();
      await Promise.resolve();
    },
    change: (version: number, text: string) => bridge.announce('run-data.changed', { version, updates: [note(text)] }),
    get notes() {
      return shown.at(-1)?.notes;
    },
  };
}

describe('the mirror of run data', () => {
  test('asks for all of it, and then follows', async () => {
    const mirror = mirrored();
    await mirror.answer(3, 'a');
    mirror.change(4, 'b');
    mirror.change(5, 'c');
    expect(mirror.notes).toEqual(['a', 'b', 'c']);
  });

  test('applies what changed while it asked, once', async () => {
    const mirror = mirrored();
    mirror.change(3, 'a');
    mirror.change(4, 'b');
    await mirror.answer(3, 'a');
    expect(mirror.notes).toEqual(['a', 'b']);
  });

  test('asks again when it has missed something, and when the host is back', async () => {
    const mirror = mirrored();
    await mirror.answer(1, 'a');
    mirror.change(3, 'c');
    expect(mirror.answers).toHaveLength(2);
    await mirror.answer(3, 'a', 'b', 'c');
    expect(mirror.notes).toEqual(['a', 'b', 'c']);
    mirror.bridge.become({ kind: 'lost', reason: 'test' });
    mirror.bridge.become({ kind: 'open' });
    await mirror.answer(1, 'of another host');
    expect(mirror.notes).toEqual(['of another host']);
  });

  test('an answer that comes after a later question is of no use', async () => {
    const mirror = mirrored();
    const [first] = mirror.answers;
    mirror.bridge.become({ kind: 'open' });
    await mirror.answer(2, 'new');
    first?.({ version: 1, data: { ...EMPTY_RUN_DATA, notes: ['old'] } });
    await Promise.resolve();
    expect(mirror.notes).toEqual(['new']);
  });
});
