import { Play } from 'lucide-react';
import { type JSX, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, LockStrip, Notice, Section, Select, TickTabs } from '../../../ui/index.ts';
import {
  ACQUIRE_AXES,
  type AcquireAxis,
  type AcquireForm,
  AXIS_ORDERS,
  type AxisOrder,
} from '../../stores/acquire-form-store.ts';
import { useCommands, useHost, useLock, useLockTone, useServices } from '../../stores/services.tsx';
import { buildItem } from './build-item.ts';
import { ChannelsTab } from './ChannelsTab.tsx';
import { FactsForRecord } from './FactsForRecord.tsx';
import { PositionsTab } from './PositionsTab.tsx';
import { RunPanel } from './RunPanel.tsx';
import { summaryRows } from './summary-rows.ts';
import { TimeTab } from './TimeTab.tsx';
import { Totals } from './Totals.tsx';
import { useEstimate } from './use-estimate.ts';
import { ZTab } from './ZTab.tsx';
import './acquire.css';

const AXIS_TITLES: Readonly<Record<AcquireAxis, string>> = {
  channels: 'Channels',
  z: 'Z',
  time: 'Time',
  positions: 'Positions',
};
const ORDER_WORDS: Readonly<Record<AxisOrder, string>> = {
  tpzc: 'Time, position, Z, channel',
  tpcz: 'Time, position, channel, Z',
  ptzc: 'Position, time, Z, channel',
  ptcz: 'Position, time, channel, Z',
};

/** What to acquire; while a run is going, how it gets on. */
export function AcquireView(): JSX.Element {
  const run = useHost((state) =>
    state.acquisition && state.acquisition.engine !== 'idle' ? state.acquisition.run : null,
  );
  const engine = useHost((state) => state.acquisition?.engine ?? 'idle');
  const pausePending = useHost((state) => state.acquisition?.pausePending ?? false);
  return run === null ? <AcquirePanel /> : <RunPanel run={run} engine={engine} pausePending={pausePending} />;
}

function AcquirePanel(): JSX.Element {
  const { form: store } = useServices();
  const element = useRef<HTMLFormElement>(null);
  const commands = useCommands();
  const form = useStore(store);
  const session = useHost((state) => state.session);
  const isDry = useHost((state) => state.storage?.keeps === 'nothing');
  const lock = useLock();
  const tone = useLockTone();
  const channels = session?.channels ?? NONE;
  const built = useMemo(() => buildItem(form, channels), [form, channels]);
  const estimate = useEstimate(built.kind === 'ready' ? built.item : null);
  const set = (change: Partial<AcquireForm>) => store.setState(change);
  const locked = lock !== null;
  const errors = estimate?.problems.filter(({ severity }) => severity === 'error') ?? [];
  const advice = estimate?.problems.filter(({ severity }) => severity === 'advice') ?? [];
  const blocked = built.kind === 'incomplete' ? built.problem.message : (errors[0]?.message ?? null);

  useEffect(() => {
    // With no channels in the session the tick would only stand in the way.
    if (session && session.channels.length === 0 && store.getState().use.channels) {
      store.setState(({ use }) => ({ use: { ...use, channels: false, time: true } }));
    }
  }, [session, store]);

  const start = () => {
    // A field that asks back has not been taken over: the run would go with the number before it.
    const unread = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (unread) return unread.focus();
    if (built.kind === 'ready' && blocked === null) void commands.run(built.item);
  };
  const tabs = ACQUIRE_AXES.map((axis) => ({
    key: axis,
    title: AXIS_TITLES[axis],
    ticked: form.use[axis],
    problem: built.kind === 'incomplete' && built.problem.axis === axis ? built.problem.message : undefined,
  }));
  return (
    <form
      ref={element}
      className="acquire"
      aria-label="Acquire"
      // Enter takes a field over. It starts nothing, also where the form has only one.
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="acquire-fields scroll">
        {lock !== null && <LockStrip reason={lock} tone={tone} />}
        <TickTabs
          label="Axes"
          tabs={tabs}
          open={form.open}
          onOpen={(open) => set({ open })}
          onTick={(axis, ticked) => set({ use: { ...form.use, [axis]: ticked }, open: axis })}
          locked={locked}
        >
          <div className="axis-panel">
            {form.open === 'channels' && <ChannelsTab form={form} channels={channels} set={set} locked={locked} />}
            {form.open === 'z' && <ZTab form={form} set={set} locked={locked} />}
            {form.open === 'time' && <TimeTab form={form} set={set} locked={locked} />}
            {form.open === 'positions' && <PositionsTab form={form} set={set} locked={locked} />}
          </div>
        </TickTabs>
        <Section
          title="Order, outermost first"
          aside={
            <span className="order-select">
              <Select
                label="Order"
                options={AXIS_ORDERS.map((order) => ({ value: order, label: ORDER_WORDS[order] }))}
                value={form.order}
                onSelect={(value) => {
                  const order = AXIS_ORDERS.find((known) => known === value);
                  if (order) set({ order });
                }}
                locked={locked}
              />
            </span>
          }
        >
          <dl className="summary">
            {summaryRows(form, channels).map(({ axis, title, words }) => (
              <div key={axis} className={words === null ? 'faint' : ''}>
                <dt>{title}</dt>
                <dd>{words ?? 'off'}</dd>
              </div>
            ))}
          </dl>
        </Section>
        <FactsForRecord facts={session?.facts ?? NONE} locked={locked} />
        <Section title="Save images to">
          <p className="save-folder mono small" title={session?.saveFolder}>
            {isDry ? 'Nowhere: runs of this session are dry, nothing is kept' : (session?.saveFolder ?? '?')}
          </p>
        </Section>
        <div className="acquire-notices">
          {[...errors, ...advice].map(({ message, severity }) => (
            <Notice key={message} tone={severity === 'error' ? 'danger' : 'warn'}>
              {message}
            </Notice>
          ))}
        </div>
      </div>
      <footer className="acquire-foot">
        <Totals estimate={estimate} />
        {built.kind === 'incomplete' && <Notice tone="warn">{built.problem.message}.</Notice>}
        <Button
          look="primary"
          size="run"
          className="run-button"
          icon={<Play size={16} aria-hidden />}
          disabled={locked || blocked !== null}
          title={lock ?? blocked ?? 'Ctrl+Enter'}
          onClick={start}
        >
          Run
        </Button>
      </footer>
    </form>
  );
}

const NONE: readonly never[] = [];
