import { expect, test } from 'vitest';
import { runState } from './engine-words.ts';

test('a run is only said to be running while the host says so', () => {
  expect(runState('running', 'open')).toEqual({ word: 'Running', tone: 'live' });
  expect(runState('paused', 'open')).toEqual({ word: 'Paused', tone: 'warn' });
  for (const bridge of ['connecting', 'lost', 'refused'] as const) {
    expect(runState('running', bridge)).toEqual({ word: 'No host', tone: 'warn' });
  }
});
