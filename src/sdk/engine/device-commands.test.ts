import { expect, test } from 'vitest';
import { Status } from '../device/status.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { msg, type Plan } from './msg.ts';

/** Notes what each verb was given. */
class Attentive {
  readonly name = 'attentive';
  readonly parent = null;
  readonly given: Record<string, readonly unknown[]> = {};

  #done(verb: string, args: readonly unknown[]): Status {
    this.given[verb] = args;
    const status = new Status();
    status.setFinished();
    return status;
  }

  set = (...args: unknown[]) => this.#done('set', args);
  trigger = (...args: unknown[]) => this.#done('trigger', args);
  prepare = (...args: unknown[]) => this.#done('prepare', args);
  kickoff = (...args: unknown[]) => this.#done('kickoff', args);
  complete = (...args: unknown[]) => this.#done('complete', args);
  readonly position = 0;
  collect = () => [];
  describeCollect = () => ({});
  read = () => ({});
  describe = () => ({});
}

test("a device gets all that a message has for it; the group is the engine's own", async () => {
  const { engine } = recordingEngine();
  const device = new Attentive();
  const verbs = ['set', 'trigger', 'prepare', 'kickoff', 'complete'] as const;
  function* plan(): Plan<void> {
    yield msg('open_run');
    for (const verb of verbs) yield msg(verb, device, [1, 'two'], { group: 'g', speed: 3 });
    yield msg('wait', null, [], { group: 'g' });
    yield msg('close_run');
  }
  await engine.run(plan());
  expect(device.given).toEqual(Object.fromEntries(verbs.map((verb) => [verb, [1, 'two', { speed: 3 }]])));

  function* plain(): Plan<void> {
    yield msg('set', device, [5], { group: 'g' });
    yield msg('trigger', device);
  }
  await engine.run(plain());
  expect([device.given.set, device.given.trigger]).toEqual([[5], []]);
});
