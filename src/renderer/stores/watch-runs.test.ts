import { expect, test } from 'vitest';
import { FakeBridge, fakeMemory } from '../testing/fake-bridge.ts';
import { createHostStore } from './host-store.ts';
import { createReviewStore, type OpenedReview } from './review-store.ts';
import { watchRuns } from './watch-runs.ts';
import { createWindowStore } from './window-store.ts';

const unpredicted = { predictedS: null, expectedFrames: null, scheduleNote: null };

const ended = (runId: string, exitStatus: 'success' | 'abort' | 'fail', reason = '') => ({
  engine: 'idle' as const,
  pausePending: false,
  run: null,
  last: {
    name: runId,
    plan: 'mda',
    exitStatus,
    reason,
    frames: 1,
    elapsedS: 61,
    folder: '/data',
    runId,
    ...unpredicted,
  },
});

function watched(openId: string | null = null) {
  const host = createHostStore();
  const view = createWindowStore(fakeMemory());
  const opened: string[] = [];
  const review = createReviewStore(new FakeBridge(), { forget() {} } as never);
  review.setState({ opened: openId === null ? null : ({ runId: openId } as OpenedReview) });
  watchRuns(host, view, { ...review, openRun: async (id) => void opened.push(id) });
  return { host, view, opened };
}

test('says that a run is done and opens it in Review', () => {
  const { host, view, opened } = watched();
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  host.setState({ acquisition: ended('mda_0001', 'success') });
  const [toast] = view.getState().toasts;
  expect(toast).toMatchObject({ kind: 'done', title: 'Run mda_0001 done in 1 min 1 s', detail: '1 frame saved.' });
  toast?.action?.run();
  expect(view.getState().layout).toBe('review');
  expect(opened).toEqual(['mda_0001']);
});

test('a run that is open in Review is read anew when it has ended, and no other', () => {
  const { host, opened } = watched('mda_0001');
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  host.setState({ acquisition: ended('mda_0002', 'success') });
  expect(opened).toEqual([]);
  host.setState({ acquisition: ended('mda_0001', 'success') });
  expect(opened).toEqual(['mda_0001']);
});

test('says what was estimated, and how many frames are missing', () => {
  const { host, view } = watched();
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  const { last, ...rest } = ended('mda_0001', 'success');
  const compared = { ...last, predictedS: { low: 50, high: 62 }, expectedFrames: 3 };
  host.setState({ acquisition: { ...rest, last: compared } });
  expect(view.getState().toasts).toMatchObject([{ detail: '1 of 3 frames saved. Estimated 50–62 s.' }]);
});

test('says why a run failed', () => {
  const { host, view } = watched();
  host.setState({ acquisition: ended('mda_0001', 'success') });
  host.setState({ acquisition: ended('mda_0002', 'fail', 'stage: no answer') });
  expect(view.getState().toasts).toMatchObject([
    { kind: 'error', detail: '1 frame saved, readable as they are. stage: no answer' },
  ]);
});

test('calls nothing readable where no frame was saved', () => {
  const { host, view } = watched();
  host.setState({ acquisition: ended('mda_0001', 'success') });
  const { last, ...rest } = ended('mda_0002', 'fail', 'camera: unplugged');
  host.setState({ acquisition: { ...rest, last: { ...last, frames: 0, expectedFrames: 3 } } });
  expect(view.getState().toasts).toMatchObject([{ kind: 'error', detail: '0 of 3 frames saved. camera: unplugged' }]);
});

test('keeps quiet about a run that ended before the window opened', () => {
  const { host, view } = watched();
  host.setState({ acquisition: ended('mda_0001', 'success') });
  expect(view.getState().toasts).toEqual([]);
});

test('offers no review of a dry run, of which nothing was kept', () => {
  const { host, view } = watched();
  const { last, ...rest } = ended('mda_0001', 'abort', 'enough');
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  host.setState({ acquisition: { ...rest, last: { ...last, folder: '' } } });
  const [toast] = view.getState().toasts;
  expect(toast).toMatchObject({ kind: 'warn', detail: '1 frame taken, nothing kept. enough' });
  expect(toast?.action).toBeUndefined();
});

test('a run whose times could not be kept says which, and by how much', () => {
  const { host, view } = watched();
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  const { last, ...rest } = ended('mda_0001', 'success');
  const scheduleNote = '4 of 5 time points were late, by up to 1.2 s (every 0.5 s instead of 0.2 s)';
  host.setState({ acquisition: { ...rest, last: { ...last, scheduleNote } } });
  expect(view.getState().toasts).toMatchObject([{ kind: 'warn', detail: `1 frame saved. ${scheduleNote}.` }]);
});

test('a run that was stopped in good order is not called done', () => {
  const { host, view } = watched();
  host.setState({ acquisition: { engine: 'running', pausePending: false, run: null, last: null } });
  const { last, ...rest } = ended('mda_0001', 'success');
  const stopped = { ...last, frames: 17, expectedFrames: 126, reason: 'Stopped after 17 of 126 frames' };
  host.setState({ acquisition: { ...rest, last: stopped } });
  expect(view.getState().toasts).toMatchObject([
    {
      kind: 'warn',
      title: 'Run mda_0001 stopped after 1 min 1 s',
      detail: '17 of 126 frames saved, readable as they are.',
    },
  ]);
});
