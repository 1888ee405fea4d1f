import { Crosshair, Image, Maximize } from 'lucide-react';
import { type JSX, type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { EmptyState, IconButton, Notice, Pill, Segmented } from '../../../ui/index.ts';
import {
  type ImageController,
  type ImageLayer,
  ImageView,
  LabelOverlay,
  usePacedChange,
  zoomLabel,
} from '../../canvas/index.ts';
import { shownLevel, sliderAxes, umPerPxOf } from '../../stores/review-image.ts';
import type { ReviewState } from '../../stores/review-store.ts';
import { useServices, useView } from '../../stores/services.tsx';
import { AxisSliders } from './AxisSliders.tsx';
import { ImageChoice } from './ImageChoice.tsx';
import { LabelReadout, labelLayersOf } from './LabelReadout.tsx';
import './viewer.css';

/** A stored picture: a slider for each axis, pixels read as they were saved. */
export function ViewerView(): JSX.Element {
  const { review, labels, view } = useServices();
  const state = useStore(review);
  const { labels: shownLabels, opacity } = useStore(labels);
  const labelLayers = useMemo(() => labelLayersOf(shownLabels), [shownLabels]);
  const overlays = useView((window) => window.overlays);
  const [controller, setController] = useState<ImageController | null>(null);
  const [crosshair, setCrosshair] = useState(false);
  const image = state.opened?.description.images[state.image];
  const shape = image?.levels[0]?.shape ?? [];
  const size = { width: shape[shape.length - 1] ?? 1, height: shape[shape.length - 2] ?? 1 };
  const layers = layersOf(state);
  const absent = shownChannels(state).flatMap(({ name, missing: isMissing }) => (isMissing ? [name] : []));
  const missing = state.channels.length > 0 && shownChannels(state).every((channel) => channel.missing);

  useEffect(() => {
    controller?.setLayers(layers, size);
  });
  useEffect(() => {
    const element = controller?.element;
    if (!element) return;
    const frame = state.channels[state.active]?.frame?.frame;
    if (frame === undefined || state.loading) delete element.dataset.frameIndex;
    else element.dataset.frameIndex = String(frame);
    element.dataset.store = state.opened?.path ?? '';
    element.dataset.loaded = String(!state.loading && layers.length > 0);
  });

  const onKey = (event: KeyboardEvent) => {
    const z = image && sliderAxes(image).find(({ name }) => name === 'z');
    const stepZ = (by: number) => {
      if (z) review.setIndex('z', Math.min(z.size - 1, Math.max(0, (state.indices.z ?? 0) + by)));
    };
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== '0') return;
      controller?.oneToOne();
    } else if (event.key === 'a' || event.key === 'A') review.autoOnce(view.getState().ignorePercent);
    else if (event.key === 'h' || event.key === 'H') view.setState({ overlays: !overlays });
    else if (event.key === 'f' || event.key === 'F') controller?.fit();
    else if (event.key === '+' || event.key === '-') controller?.zoomStep(event.key === '+' ? 1 : -1);
    else if (event.key === 'PageUp') stepZ(1);
    else if (event.key === 'PageDown') stepZ(-1);
    else if (event.key === '0') review.setMode('composite');
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= state.channels.length) {
      review.setActive(Number(event.key) - 1);
      review.setMode('single');
    } else return;
    event.preventDefault();
  };

  if (state.phase !== 'open' || !state.opened) return <NothingOpen state={state} />;
  if (!image) {
    return (
      <EmptyState icon={<Image size={28} strokeWidth={1.5} aria-hidden />} title="No image in this store">
        {state.opened.description.problems[0]?.message ?? `${state.opened.path} holds no array that is a picture.`}
      </EmptyState>
    );
  }
  return (
    <div className="viewer">
      <ViewerTools controller={controller} state={state} crosshair={crosshair} onCrosshair={setCrosshair} />
      <ImageView
        label="Stored image"
        onController={setController}
        title={<ViewerTitle state={state} />}
        umPerPx={umPerPxOf(image)}
        overlays={overlays}
        hatched={missing && !state.loading}
        onKey={onKey}
        readMore={(x, y) => <LabelReadout labels={shownLabels} x={x} y={y} size={size} />}
        onWheelZ={(direction) => {
          const axis = sliderAxes(image).find(({ name }) => name === 'z');
          if (axis) review.setIndex('z', Math.min(axis.size - 1, Math.max(0, (state.indices.z ?? 0) + direction)));
        }}
      >
        <LabelOverlay controller={controller} layers={labelLayers} opacity={opacity} />
        {crosshair && <div className="crosshair" />}
        {absent.length > 0 && !state.loading && (
          <div className="image-overlay at-top-right">
            {missing ? 'Never acquired' : `${absent.join(', ')} never acquired here`}
          </div>
        )}
        {state.planeProblem && (
          <div className="viewer-problem">
            <Notice tone="danger">
              {state.planeProblem.message} <span className="mono small">{state.planeProblem.code}</span>
            </Notice>
          </div>
        )}
      </ImageView>
      <AxisSliders state={state} />
    </div>
  );
}

function NothingOpen({ state }: { readonly state: ReviewState }): JSX.Element {
  if (state.phase === 'opening') {
    return <EmptyState icon={<Image size={28} strokeWidth={1.5} aria-hidden />} title={`Opening ${state.wanted}`} />;
  }
  if (state.phase === 'failed') {
    return (
      <div className="viewer-failed" role="alert">
        <EmptyState
          icon={<Image size={28} strokeWidth={1.5} aria-hidden />}
          title={
            state.problem?.code === 'store/not-a-store'
              ? `${state.wanted} is no Zarr store`
              : `${state.wanted} cannot be opened`
          }
        >
          {state.problem?.message}
          <span className="viewer-code mono small">{state.problem?.code}</span>
        </EmptyState>
      </div>
    );
  }
  return (
    <EmptyState icon={<Image size={28} strokeWidth={1.5} aria-hidden />} title="Nothing open">
      Choose a run at the left, or open a store by its path.
    </EmptyState>
  );
}

function ViewerTools(props: {
  readonly controller: ImageController | null;
  readonly state: ReviewState;
  readonly crosshair: boolean;
  readonly onCrosshair: (shown: boolean) => void;
}): JSX.Element {
  const { controller, state, crosshair, onCrosshair } = props;
  const { review } = useServices();
  usePacedChange(controller);
  const description = state.opened?.description;
  const image = description?.images[state.image];
  const problems = image?.problems ?? [];
  return (
    <div className="image-tools" role="toolbar" aria-label="Image tools">
      <IconButton label="Crosshair" pressed={crosshair} onClick={() => onCrosshair(!crosshair)}>
        <Crosshair size={14} aria-hidden />
      </IconButton>
      <IconButton label="Fit" shortcut="F" pressed={controller?.view.fitted ?? true} onClick={() => controller?.fit()}>
        <Maximize size={14} aria-hidden />
      </IconButton>
      <IconButton label="1 : 1" shortcut="Ctrl+0" onClick={() => controller?.oneToOne()}>
        <span className="small">1:1</span>
      </IconButton>
      <output className="zoom" aria-label="Zoom">
        {controller ? zoomLabel(controller.view.scale) : ''}
      </output>
      {image && image.levels.length > 1 && (
        <span className="small faint">
          level {shownLevel(image) + 1} of {image.levels.length}
        </span>
      )}
      <span className="push row">
        {problems.length > 0 && (
          <span title={problems.map(({ message }) => message).join('\n')}>
            <Pill tone="warn">{problems.length === 1 ? '1 problem' : `${problems.length} problems`}</Pill>
          </span>
        )}
        <ImageChoice state={state} />
        {state.channels.length > 1 && (
          <Segmented
            label="Channels shown"
            options={[
              { value: 'composite', label: 'Composite' },
              { value: 'single', label: 'Single' },
            ]}
            value={state.mode}
            onSelect={(mode) => review.setMode(mode)}
          />
        )}
      </span>
    </div>
  );
}

function ViewerTitle({ state }: { readonly state: ReviewState }): JSX.Element {
  return (
    <>
      <strong>{state.opened?.name}</strong>{' '}
      <span className="muted">
        {state.mode === 'single'
          ? state.channels[state.active]?.name
          : state.channels.map(({ name }) => name).join(' + ')}
      </span>
    </>
  );
}

function shownChannels(state: ReviewState) {
  const active = state.channels[state.active];
  return state.mode === 'single' && active ? [active] : state.channels;
}

function layersOf(state: ReviewState): readonly ImageLayer[] {
  return shownChannels(state).flatMap(({ layer }) => (layer ? [layer] : []));
}
