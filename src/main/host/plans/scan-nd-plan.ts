import { Cycler, outerProduct, type ScanAxis, scanNd } from 'redsun/sdk/plans';
import { RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import { badParameter } from './describe-issue.ts';
import type { DeviceLookup } from './device-lookup.ts';
import { detectors, deviceName, stepKeywords } from './parameters.ts';
import type { AppPlan } from './plan-definition.ts';
import { bindStepScan, checkPoints } from './step-scan.ts';

/** Motors that move together, each with its list of positions: what `+` makes of cyclers in Python. */
const columns = z.record(
  deviceName('settable'),
  z.array(z.unknown(), 'a list of positions').min(1, 'at least one position'),
);

const parameters = z.object({
  detectors,
  cycler: z
    .union(
      [columns, z.array(columns).min(1)],
      'an object of motors and their lists of positions, or a list of such objects',
    )
    .describe(
      'Motors with their lists of positions, {"m1": [0, 1], "m2": [5, 6]}, move together; a list of such objects is their product, the first the slowest',
    ),
  ...stepKeywords,
});

export const scanNdPlan: AppPlan<z.infer<typeof parameters>> = {
  name: 'scan_nd',
  description: 'Moves motors along any listed trajectory and reads the detectors at each point.',
  positional: ['detectors', 'cycler'],
  parameters,
  plan({ detectors, cycler, md }, devices) {
    const places = new Map<object, string>();
    const factors = Array.isArray(cycler)
      ? cycler.map((factor, index) => columnsOf(devices, factor, `cycler[${index}]`, places))
      : [columnsOf(devices, cycler, 'cycler', places)];
    const points = factors.reduce((product, { length }) => product * length, 1);
    checkPoints(devices.plan, points);
    const trajectory = outerProduct(factors.map((factor) => [factor, false] as const));
    return bindStepScan(devices, md, {
      detectors: devices.readables(detectors, 'detectors'),
      places,
      kind: 'absolute',
      points,
      build: (readables, options) => scanNd(readables, trajectory, options),
    });
  },
};

function columnsOf(
  devices: DeviceLookup,
  given: z.infer<typeof columns>,
  place: string,
  places: Map<object, string>,
): Cycler<ScanAxis> {
  let cycler: Cycler<ScanAxis> | null = null;
  for (const [name, positions] of Object.entries(given)) {
    const at = `${place}.${name}`;
    const axis = devices.settable(name, at);
    const before = places.get(axis);
    if (before !== undefined) throw badParameter(devices.plan, at, `another motor than in ${before}`, name);
    places.set(axis, at);
    const column: Cycler<ScanAxis> = Cycler.of(axis, positions);
    if (cycler && cycler.length !== column.length) {
      throw new RedsunError(
        'plan/bad-parameter',
        `${devices.plan}: ${at}: expected ${cycler.length} positions as the other motors have, got ${column.length}`,
      );
    }
    cycler = cycler ? cycler.add(column) : column;
  }
  if (cycler) return cycler;
  throw badParameter(devices.plan, place, 'at least one motor', given);
}
