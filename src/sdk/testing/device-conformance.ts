import {
  type Awaitable,
  isCheckable,
  isLocatable,
  isPausable,
  isPDevice,
  isReadable,
  isStageable,
  isStoppable,
  isTriggerable,
  type PDevice,
} from '../device/protocols.ts';
import { riskOf } from '../device/risk.ts';
import { isAxis, isCamera, isLight, isSelector, missingMembers, ROLES } from '../device/roles.ts';
import { Status } from '../device/status.ts';
import { type DataKey, DTYPES, type Reading } from '../events/documents.ts';
import { hasCode } from '../util/errors.ts';
import { type ConformanceCheck, expectThat, thrownBy } from './conformance.ts';
import type { FakeLinks } from './fake-link.ts';
import type { ManualClock } from './manual-clock.ts';

/** A device and its time. */
export interface DeviceUnderTest {
  /** Ready to be used, connected if it has to be. */
  readonly device: PDevice;
  /** What the device got as its clock. */
  readonly clock: ManualClock;
  /** Where it opened its links, of a driver that opens some. */
  readonly links?: Pick<FakeLinks, 'opened' | 'safeStates'>;
}

/** What the checks need of a device class. */
export interface DeviceClassUnderTest {
  /** Makes a device, each time anew. */
  readonly create: () => Awaitable<DeviceUnderTest>;
}

/** What every device must do, as far as it claims to: what it has no members for is not asked of it. */
export function deviceChecks({ create }: DeviceClassUnderTest): ConformanceCheck[] {
  const check = (title: string, run: (made: DeviceUnderTest) => Promise<void>): ConformanceCheck => ({
    title,
    run: async () => run(await create()),
  });
  return [
    check('has the members of every device, and a name', async ({ device }) => {
      expectThat(isPDevice(device), 'it lacks name, parent, readConfiguration or describeConfiguration');
      expectThat(typeof device.name === 'string' && device.name !== '', `expected a name, got ${String(device.name)}`);
    }),
    check('has what its role needs', async ({ device }) => {
      if (!('role' in device)) return;
      const role = ROLES.find((known) => known === device.role);
      expectThat(role !== undefined, `expected one of ${ROLES.join(', ')}, got ${String(device.role)}`);
      const missing = missingMembers(device, role);
      expectThat(missing.length === 0, `a ${role} lacks ${missing.join(', ')}`);
    }),
    check('describes its configuration as it reads it', async ({ device, clock }) => {
      const keys = await clock.run(later(() => device.describeConfiguration()));
      compare('configuration', keys, await clock.run(later(() => device.readConfiguration())));
    }),
    check('describes its readings as it reads them', async ({ device, clock }) => {
      if (!isReadable(device)) return;
      const keys = await clock.run(later(() => device.describe()));
      const readings = await clock.run(later(() => device.read()));
      const inEvents = Object.entries(keys).filter(([, { external }]) => external !== 'STREAM:');
      compare('readings', Object.fromEntries(inEvents), readings);
    }),
    check('gives numbers a unit', async ({ device, clock }) => {
      const configuration = await clock.run(later(() => device.describeConfiguration()));
      const readings = isReadable(device) ? await clock.run(later(() => device.describe())) : {};
      const bare = Object.entries({ ...configuration, ...readings })
        .filter(([, { dtype, units, choices }]) => dtype === 'number' && units === undefined && !choices)
        .map(([key]) => key);
      expectThat(bare.length === 0, `no unit for ${bare.join(', ')}; "" or null says that there is none`);
    }),
    check('finishes what it is triggered to do', async ({ device, clock }) => {
      if (!isTriggerable(device)) return;
      await withStage(device, clock, async () => finished('trigger', device.trigger(), clock));
    }),
    check('goes where it may, and says so', async ({ device, clock }) => {
      const target = targetOf(device);
      if (!target) return;
      await withStage(device, clock, async () => {
        const { status, readback } = await target.set(clock);
        await finished(`set(${target.value})`, status, clock);
        const there = await readback();
        expectThat(there === null || target.isThere(there), `set to ${target.value}, but read back ${String(there)}`);
      });
    }),
    check('refuses to go beyond its limits, with a message that names them', async ({ device, clock }) => {
      if (!isAxis(device)) return;
      const beyond = device.limits.high + Math.max(1, Math.abs(device.limits.high));
      const error = isCheckable(device) ? await thrownBy(() => device.checkValue(beyond)) : null;
      expectThat(hasCode(error, 'device/limit'), `checkValue(${beyond}): expected device/limit, got ${error}`);
      const failed = await clock.run(later(() => thrownBy(() => device.set(beyond).wait())));
      expectThat(failed !== null, `set(${beyond}) beyond ${device.limits.high} ${device.units} did not fail`);
    }),
    check('can be stopped at any time, and again', async ({ device, clock }) => {
      if (!isStoppable(device)) return;
      for (let times = 0; times < 2; times++) await clock.run(later(() => device.stop()));
      const target = targetOf(device);
      if (!target) return;
      const { status } = await target.set(clock);
      await clock.run(later(() => device.stop()));
      await clock.advance(60_000);
      expectThat(status.done, 'a move that was stopped is not over after 60 s');
    }),
    check('is staged and unstaged, also twice and without the other', async ({ device, clock }) => {
      if (!isStageable(device)) return;
      const settle = async (what: 'stage' | 'unstage') => {
        const result = await clock.run(later<unknown>(() => device[what]()));
        if (result instanceof Status) await finished(what, result, clock);
      };
      for (const what of ['unstage', 'stage', 'unstage', 'unstage'] as const) await settle(what);
    }),
    check('is paused and resumed', async ({ device, clock }) => {
      if (!isPausable(device)) return;
      await clock.run(later(() => device.pause()));
      await clock.run(later(() => device.resume()));
    }),
    check('goes dark at once when it is told to', async ({ device, clock }) => {
      if (!isLight(device)) return;
      await finished('set', device.set({ on: true, intensityPercent: 10 }), clock);
      await clock.run(later(() => device.turnOff()));
      expectThat(!device.state.on, 'it still shines after turnOff');
    }),
    check('says over its link how the guardian makes it safe, if it shines or moves', async ({ device, links }) => {
      const risk = riskOf(device);
      if (!links || links.opened.length === 0 || risk === null) return;
      const states = [...links.safeStates.values()].filter(({ order }) => order === risk);
      expectThat(states.length > 0, `it opened a link and protected nothing of the order "${risk}"`);
      for (const { device: name, steps } of states) {
        expectThat(steps.length > 0, `${name}: no step makes it safe`);
        for (const { expect, timeoutMs } of steps) {
          expectThat(timeoutMs > 0, `${name}: a step must have time for its answer, not ${timeoutMs} ms`);
          if (expect.kind !== 'line-like') continue;
          const error = await thrownBy(() => new RegExp(expect.pattern));
          expectThat(error === null, `${name}: "${expect.pattern}" is no regular expression`);
        }
      }
    }),
    check('leaves no timer behind when it has been stopped', async ({ device, clock }) => {
      const before = clock.pending;
      if (isTriggerable(device)) {
        await withStage(device, clock, async () => void (await finished('trigger', device.trigger(), clock)));
      }
      if (isStoppable(device)) await clock.run(later(() => device.stop()));
      await clock.advance(60_000);
      expectThat(clock.pending <= before, `${clock.pending - before} timers more than before`);
    }),
  ];
}

async function later<T>(action: () => Awaitable<T>): Promise<T> {
  return action();
}

async function finished(what: string, status: unknown, clock: ManualClock): Promise<void> {
  expectThat(status instanceof Status, `${what}: expected a Status, got ${String(status)}`);
  await clock.advance(60_000);
  expectThat(status.done, `${what}: not done after 60 s`);
  expectThat(status.success, `${what}: failed: ${status.error?.message}`);
}

async function withStage(device: object, clock: ManualClock, action: () => Promise<void>): Promise<void> {
  if (!isStageable(device)) return action();
  await clock.run(later(() => device.stage()));
  try {
    await action();
  } finally {
    await clock.run(later(() => device.unstage()));
  }
}

/** Keys, types and shapes of what is described against what is read. */
function compare(what: string, keys: Record<string, DataKey>, readings: Record<string, Reading>): void {
  const [described, read] = [Object.keys(keys).sort().join(', '), Object.keys(readings).sort().join(', ')];
  expectThat(described === read, `${what}: described are [${described}], read are [${read}]`);
  for (const [key, { dtype, source, shape, external }] of Object.entries(keys)) {
    expectThat(DTYPES.includes(dtype), `${key}: expected one of ${DTYPES.join(', ')}, got ${String(dtype)}`);
    expectThat(source !== '', `${key}: no source`);
    const { value, timestamp } = readings[key] as Reading;
    expectThat(Number.isFinite(timestamp) && timestamp >= 0, `${key}: expected a Unix time in s, got ${timestamp}`);
    if (external !== undefined || value === null) continue;
    expectThat(isOf(dtype, value), `${key}: described as ${dtype}, but read ${JSON.stringify(value)}`);
    expectThat(hasShape(value, shape), `${key}: shape [${shape.join(', ')}] does not fit ${JSON.stringify(value)}`);
  }
}

function isOf(dtype: DataKey['dtype'], value: unknown): boolean {
  if (dtype === 'array') return Array.isArray(value) || ArrayBuffer.isView(value);
  if (dtype === 'integer') return Number.isInteger(value);
  return typeof value === dtype;
}

function hasShape(value: unknown, shape: DataKey['shape']): boolean {
  const [length, ...inner] = shape;
  if (length === undefined) return !Array.isArray(value);
  if (ArrayBuffer.isView(value)) return true;
  if (!Array.isArray(value) || (length !== null && value.length !== length)) return false;
  return value.every((one) => hasShape(one, inner));
}

interface Target {
  readonly value: unknown;
  set(clock: ManualClock): Promise<{ readonly status: Status; readback(): Promise<unknown> }>;
  isThere(readback: unknown): boolean;
}

/** Somewhere that a device of a known role can go; null: nobody knows. */
function targetOf(device: object): Target | null {
  if (isCamera(device)) return null;
  if (isAxis(device)) {
    const { low, high } = device.limits;
    const value = low + (high - low) / 4;
    return {
      value,
      set: async (clock) => ({
        status: device.set(value),
        readback: async () => (isLocatable(device) ? (await clock.run(later(() => device.locate()))).readback : null),
      }),
      isThere: (readback) => Math.abs(Number(readback) - value) <= device.tolerance,
    };
  }
  if (isSelector(device)) {
    const value = device.labels[device.labels.length - 1] ?? '';
    const set = async () => ({ status: device.set(value), readback: async () => device.selected });
    return { value, set, isThere: (readback) => readback === value };
  }
  return null;
}
