import { msg, type Plan } from 'redsun/sdk/engine';
import { count, openRun, setRunKeyWrapper, triggerAndRead } from 'redsun/sdk/plans';
import { ValueError } from 'redsun/sdk/util';
import { named } from '../harness.ts';
import type { Cases, EngineSetups } from './cases.ts';

const opened = (run: string) => msg('open_run', null, [], { n: run }, run);
const closed = (run: string) => msg('close_run', null, [], {}, run);

/** Several runs in one call, and metadata. */
export const RUNS: Cases = {
  interleaved_runs: (h, { det }) =>
    h.run(
      named('p', function* () {
        for (const run of ['a', 'b']) yield opened(run);
        for (let round = 0; round < 2; round++) {
          for (const run of ['a', 'b']) yield* setRunKeyWrapper(triggerAndRead([det]), run);
        }
        for (const run of ['a', 'b']) yield closed(run);
      }),
    ),
  nested_open_run: (h) =>
    h.run(
      named('p', function* () {
        yield* openRun();
        yield* openRun();
      }),
    ),
  unclosed_runs: (h, { det }) =>
    h.run(
      named('p', function* (): Plan<void> {
        for (const run of ['a', 'b']) yield msg('open_run', null, [], {}, run);
        yield* setRunKeyWrapper(triggerAndRead([det]), 'b');
      }),
    ),
  async md_precedence(h, { det }) {
    Object.assign(h.engine.md, { a: 're', b: 're', c: 're', plan_name: 're' });
    await h.run(count([det], { md: { a: 'plan', b: 'plan' } }), null, { a: 'call' });
    h.extras['RE.md'] = h.engine.md;
  },
  md_validator_fail: (h, { det }) => h.run(count([det])),
  md_normalizer: (h, { det }) => h.run(count([det]), null, { operator: 'ann' }),
  md_sample_invalid: (h, { det }) => h.run(count([det]), null, { sample: [1] }),
  async scan_id_source_async(h, { det }) {
    await h.run(count([det]));
    await h.run(count([det]));
  },
  returns_uids: (h, { det }) => h.run(count([det])),
};

function needOperator(md: Record<string, unknown>): void {
  if (!('operator' in md)) throw new ValueError('operator missing');
}

/** Engines of these cases. */
export const RUN_SETUPS: EngineSetups = {
  md_validator_fail: { mdValidator: needOperator },
  md_normalizer: {
    mdValidator: needOperator,
    mdNormalizer: (md) => ({ ...md, operator: String(md.operator).toUpperCase() }),
  },
  scan_id_source_async: { scanIdSource: async ({ scan_id: last }) => Number(last ?? 100) + 10 },
  returns_uids: { callReturnsResult: false },
};
