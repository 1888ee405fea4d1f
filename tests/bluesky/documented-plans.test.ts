// docs/plans.md tells of every plan, with the parameters that it has and examples that run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PlanDescription } from '../../src/main/host/plans/plan-registry.ts';
import { planItemSchema } from '../../src/shared/channels/acquisition.ts';
import { root, testHost } from '../host/test-host.ts';

const guide = await readFile(join(root, 'docs', 'plans.md'), 'utf8');
const bluesky = await readFile(join(root, 'plugins', 'bluesky-sim', 'session.yaml'), 'utf8');

/** Left out in the guide, as every plan has them. */
const COMMON = ['per_step', 'per_shot', 'md'];

function signature({ name, positional, parameters: { properties = {} } }: PlanDescription): string {
  const written = (parameter: string) => {
    const schema = properties[parameter];
    return schema && 'default' in schema ? `${parameter}=${JSON.stringify(schema.default)}` : parameter;
  };
  const hidden = ['args', ...positional, ...COMMON];
  const keywords = Object.keys(properties).filter((parameter) => !hidden.includes(parameter));
  const bar = keywords.length > 0 && !positional.includes('*args') ? ['*'] : [];
  return `${name}(${[...positional.map(written), ...bar, ...keywords.map(written)].join(', ')})`;
}

test('the guide has the signature of every plan, or its newer name', async () => {
  const host = await testHost(bluesky);
  const lines = guide.split('\n');
  const missing = host.services.plans.list().filter((plan) => {
    const isOlder = lines.some((line) => line.startsWith('| `') && line.includes(`\`${plan.name}\``));
    return plan.name !== 'mda' && !isOlder && !lines.includes(signature(plan));
  });
  expect(missing.map(signature)).toEqual([]);
});

test('every example of the guide runs on the devices of bluesky-sim', async () => {
  const host = await testHost(bluesky);
  const examples = [...guide.matchAll(/^\{"name".*\}$/gm)].map(([line]) => planItemSchema.parse(JSON.parse(line)));
  const outcomes: unknown[] = [];
  for (const item of examples) {
    const { exitStatus, error } = await host.runs.runToEnd(item);
    outcomes.push({ name: item.name, exitStatus, error });
  }
  expect(outcomes).toEqual(examples.map(({ name }) => ({ name, exitStatus: 'success', error: null })));
  expect(new Set(examples.map(({ name }) => name)).size).toBeGreaterThan(30);
});

test('a device that may not go everywhere is listed with its limits', async () => {
  const lim = '  lim: {plugin_name: bluesky-sim, plugin_id: limit-motor}\n';
  const host = await testHost(bluesky.replace('devices:\n', `devices:\n${lim}`));
  const [scan] = host.services.plans.list(host.services.roster.devices).filter(({ name }) => name === 'log_scan');
  expect(scan?.parameters.properties?.motor).toMatchObject({ limits: { lim: { low: -10, high: 10, units: 'um' } } });
});

test('parameters tell units, bounds, defaults and the devices of the session that fit', async () => {
  const host = await testHost(bluesky);
  const plans = host.services.plans.list(host.services.roster.devices);
  const parameter = (plan: string, name: string) => {
    return plans.find((one) => one.name === plan)?.parameters.properties?.[name];
  };
  expect(parameter('sleep', 'time')).toMatchObject({ type: 'number', units: 's', minimum: 0 });
  expect(parameter('tune_centroid', 'num')).toMatchObject({ type: 'integer', minimum: 2, default: 10 });
  expect(parameter('x2x_scan', 'motor1')).toMatchObject({
    device: 'axis',
    enum: ['m1', 'm2', 'm3', 'lm', 'am', 'sig', 'rsig', 'slow'],
  });
  expect(parameter('fly', 'flyers')?.items).toMatchObject({ device: 'flyer', enum: ['flyer', 'flyer2', 'pflyer'] });
  expect(parameter('tune_centroid', 'signal')).not.toHaveProperty('device');
});
