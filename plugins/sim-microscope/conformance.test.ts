// Every device of the bundle does what every device does.
import { deviceChecks } from 'redsun/sdk/testing';
import { describe, test } from 'vitest';
import { buildMicroscope } from './testing/microscope.ts';

describe.each(['camera', 'xy', 'z', 'laser488', 'lamp', 'wheel', 'shutter', 'turret'])('%s', (name) => {
  const checks = deviceChecks({
    create() {
      const { context, clock } = buildMicroscope({ size_px: 512 });
      const device = context.devices.get(name);
      if (!device) throw new Error(`There is no device ${name}`);
      return { device, clock };
    },
  });
  for (const { title, run } of checks) test(title, run);
});
