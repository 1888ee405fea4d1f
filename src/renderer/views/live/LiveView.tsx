import { Video } from 'lucide-react';
import { type JSX, type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { cameraChannel } from '../../../shared/channels/camera.ts';
import { Button, EmptyState } from '../../../ui/index.ts';
import { ContrastPanel, type ImageController, ImageView } from '../../canvas/index.ts';
import { useCommands, useHost, useServices, useView } from '../../stores/services.tsx';
import { useStageMoves } from '../../stores/use-stage-moves.ts';
import { addToast } from '../../stores/window-store.ts';
import { LiveTitle } from './LiveTitle.tsx';
import { LiveTools } from './LiveTools.tsx';
import { LiveFeed } from './live-feed.ts';
import { QuickBar } from './QuickBar.tsx';
import { useFrameStream } from './use-frame-stream.ts';
import './live.css';

/** Snap and Live: the picture, its tools and its contrast. */
export function LiveView(): JSX.Element {
  const { view, host, bridge } = useServices();
  const commands = useCommands();
  const feed = useMemo(
    () =>
      new LiveFeed(view, (name) => host.getState().session?.channels.find((channel) => channel.name === name)?.colour),
    [view, host],
  );
  const [controller, setController] = useState<ImageController | null>(null);
  const [only, setOnly] = useState<string | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const [crosshair, setCrosshair] = useState(false);
  const { header, histograms, missing } = useStore(feed.summary);
  const cameraName = useHost(({ cameras }) => cameras[0]?.name ?? null);
  const chosen = useView((state) => state.camera);
  const hasChosen = useHost(({ cameras }) => cameras.some(({ name }) => name === chosen));
  const camera = hasChosen ? chosen : cameraName;
  const overlays = useView((state) => state.overlays);
  const { autoStretch, ignorePercent, logHistogram } = useContrastSettings();
  const stage = useStageMoves();

  useEffect(() => feed.attach(controller), [feed, controller]);
  useEffect(() => feed.showOnly(only), [feed, only]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a picture of another camera is none of this one
  useEffect(() => () => feed.clear(), [feed, camera]);
  useEffect(
    () =>
      view.subscribe((now, before) =>
        now.contrast !== before.contrast || now.liveColour !== before.liveColour ? feed.refresh() : undefined,
      ),
    [view, feed],
  );
  // A dock that moved or a tab that was hidden makes a new canvas: the stream follows the camera, not the canvas.
  useFrameStream(bridge.channel(cameraChannel), camera, controller, feed, (error) =>
    addToast(view, { kind: 'error', title: 'No pictures come from the camera', detail: error.message }),
  );
  useEffect(() => () => view.setState({ shownFps: null }), [view]);

  const setOverlays = (shown: boolean) => view.setState({ overlays: shown });
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) {
      if (event.key === '0') controller?.oneToOne();
      else return;
    } else if (event.key === 'a' || event.key === 'A') feed.autoOnce();
    else if (event.key === 'h' || event.key === 'H') setOverlays(!overlays);
    else if (event.key === 'f' || event.key === 'F') controller?.fit();
    else if (event.key === '+' || event.key === '-') controller?.zoomStep(event.key === '+' ? 1 : -1);
    else if (!stage.onKey(event)) return;
    event.preventDefault();
  };
  const present = Object.keys(histograms);
  const names = [...present, ...missing];
  const absent = only !== null && names.includes(only) ? missing.filter((name) => name === only) : missing;
  return (
    <div className="live-view">
      <QuickBar />
      <LiveTools
        controller={controller}
        header={header}
        channels={names}
        only={only}
        onOnly={setOnly}
        crosshair={crosshair}
        onCrosshair={setCrosshair}
      />
      <ImageView
        label="Live image"
        onController={setController}
        title={
          header && <LiveTitle header={header} channels={only !== null && names.includes(only) ? [only] : present} />
        }
        umPerPx={header?.umPerPx ?? null}
        stage={header?.middleUm ? { ...header.middleUm, direction: header.direction } : null}
        overlays={overlays && header !== null}
        hatched={only !== null && absent.includes(only)}
        onKey={onKey}
        onCentre={(offset) => header?.umPerPx != null && stage.centre(offset, header.umPerPx)}
        onWheelZ={(direction, coarse) => stage.moveZ(direction, coarse ? 10 : 1)}
      >
        {crosshair && header && <div className="crosshair" />}
        {absent.length > 0 && (
          <div className="image-overlay at-top-right">{`${absent.join(', ')} not taken here yet`}</div>
        )}
        {header === null && (
          <div className="live-empty">
            <EmptyState
              icon={<Video size={28} strokeWidth={1.5} aria-hidden />}
              title={camera === null ? 'No camera' : 'No picture yet'}
              actions={camera !== null && <Button onClick={() => void commands.snap()}>Take a picture</Button>}
            >
              {camera === null
                ? 'No camera of this session works. Devices says why.'
                : 'Snap takes one picture, Live goes on until it is stopped.'}
            </EmptyState>
          </div>
        )}
      </ImageView>
      <ContrastPanel
        rows={names.map((name) => ({ name, display: feed.displayOf(name), histogram: histograms[name] ?? null }))}
        active={active}
        onActive={setActive}
        onChange={(name, change) => {
          if ('low' in change || 'high' in change) view.setState({ autoStretch: false });
          feed.change(name, change);
        }}
        onAutoOnce={() => feed.autoOnce()}
        autoStretch={autoStretch}
        onAutoStretch={(on) => view.setState({ autoStretch: on })}
        ignorePercent={ignorePercent}
        onIgnorePercent={(percent) => view.setState({ ignorePercent: percent })}
        log={logHistogram}
        onLog={(log) => view.setState({ logHistogram: log })}
      />
    </div>
  );
}

function useContrastSettings() {
  // Limits are read through the feed; this makes the panel follow them.
  useView((state) => state.contrast);
  useView((state) => state.liveColour);
  return {
    autoStretch: useView((state) => state.autoStretch),
    ignorePercent: useView((state) => state.ignorePercent),
    logHistogram: useView((state) => state.logHistogram),
  };
}
