import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandSequence, exposuresByChannel } from './expand.ts';
import type { MdaSequence } from './sequence.ts';

const channel = fc.record({
  config: fc.constant('FITC'),
  do_stack: fc.boolean(),
  acquire_every: fc.integer({ min: 1, max: 4 }),
});
const sequences: fc.Arbitrary<MdaSequence> = fc.record({
  channels: fc.array(channel, { maxLength: 3 }),
  z_plan: fc.option(fc.record({ range: fc.integer({ min: 0, max: 6 }), step: fc.integer({ min: 1, max: 3 }) })),
  time_plan: fc.option(fc.record({ interval: fc.constant(1), loops: fc.integer({ min: 1, max: 6 }) })),
  stage_positions: fc.array(fc.constant({ x: 0, y: 0 }), { maxLength: 3 }),
  axis_order: fc.constantFrom('tpcz', 'tpzc', 'ptcz', 'zcpt', 'c'),
});

test('the number of exposures that is told before a run is the number that is made', () => {
  fc.assert(
    fc.property(sequences, (sequence) => {
      const told = exposuresByChannel(sequence).reduce((sum, { exposures }) => sum + exposures, 0);
      expect([...expandSequence(sequence)]).toHaveLength(told);
    }),
  );
});
