import {
  type JSX,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { formatNumber } from '../../ui/index.ts';
import { ImageController } from './image-controller.ts';
import { PixelReadout } from './PixelReadout.tsx';
import { ScaleBarOverlay } from './ScaleBarOverlay.tsx';
import type { StagePoint } from './stage-point.ts';
import type { Point } from './viewport.ts';

export interface ImageViewProps {
  /** `Live image` */
  readonly label: string;
  /** Hands the controller over when there is one, null when it is gone. */
  readonly onController: (controller: ImageController | null) => void;
  readonly title?: ReactNode;
  readonly umPerPx: number | null;
  readonly stage?: StagePoint | null;
  readonly overlays: boolean;
  readonly hatched?: boolean;
  readonly onKey?: (event: KeyboardEvent) => void;
  /** Double click; the distance from the picture's middle, px. */
  readonly onCentre?: (offset: Point) => void;
  /** Ctrl and wheel; 1 is up. */
  readonly onWheelZ?: (direction: 1 | -1, coarse: boolean) => void;
  /** What more there is to say of a pixel of the picture, below its value. */
  readonly readMore?: (x: number, y: number) => ReactNode;
  readonly children?: ReactNode;
}

/** A picture to look at: wheel zooms, drag pans, the pointer reads a pixel. Frames reach it through the controller only. */
export function ImageView(props: ImageViewProps): JSX.Element {
  const {
    label,
    onController,
    title,
    umPerPx,
    stage,
    overlays,
    hatched,
    onKey,
    onCentre,
    onWheelZ,
    readMore,
    children,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [controller, setController] = useState<ImageController | null>(null);
  const drag = useRef<Point | null>(null);
  const wheelZ = useRef(onWheelZ);
  wheelZ.current = onWheelZ;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the controller lives as long as the canvas, whoever is told of it
  useEffect(() => {
    if (!canvas.current || !box.current) return;
    const made = new ImageController(canvas.current);
    const element = box.current;
    const measure = () =>
      made.resize({ width: element.clientWidth, height: element.clientHeight }, window.devicePixelRatio);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.deltaY === 0) return;
      if (event.ctrlKey) wheelZ.current?.(event.deltaY < 0 ? 1 : -1, event.shiftKey);
      else made.zoomAt(event.deltaY < 0 ? 1.2 : 1 / 1.2, placeOf(event, element));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    setController(made);
    onController(made);
    return () => {
      element.removeEventListener('wheel', onWheel);
      observer.disconnect();
      onController(null);
      setController(null);
      made[Symbol.dispose]();
    };
  }, []);

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const at = placeOf(event, event.currentTarget);
    if (drag.current) controller?.panBy({ x: at.x - drag.current.x, y: at.y - drag.current.y });
    if (drag.current) drag.current = at;
    controller?.setPointer(at);
  };
  const onDoubleClick = (event: MouseEvent<HTMLDivElement>) => {
    if (!controller || !onCentre) return;
    const point = controller.imagePointAt(placeOf(event, event.currentTarget));
    onCentre({ x: point.x - controller.image.width / 2, y: point.y - controller.image.height / 2 });
  };

  return (
    <div className="image-view">
      <div
        ref={box}
        className="image-surface"
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture takes the keys that move stage and focus
        tabIndex={0}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          if (event.button > 1) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = placeOf(event, event.currentTarget);
        }}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => controller?.setPointer(null)}
        onDoubleClick={onDoubleClick}
      >
        <canvas ref={canvas} />
      </div>
      {hatched && <div className="image-missing hatched" />}
      <div hidden={!overlays}>
        {title && <div className="image-overlay at-top-left">{title}</div>}
        {controller && (
          <PixelReadout controller={controller} umPerPx={umPerPx} stage={stage ?? null} readMore={readMore} />
        )}
        {controller && <ScaleBarOverlay controller={controller} umPerPx={umPerPx} />}
      </div>
      {children}
    </div>
  );
}

function placeOf(event: { readonly clientX: number; readonly clientY: number }, element: HTMLElement): Point {
  const rect = element.getBoundingClientRect();
  return { x: event.clientX - rect.left, y: event.clientY - rect.top };
}

/** `50 %` */
export function zoomLabel(scale: number): string {
  return `${formatNumber(scale * 100, scale < 0.095 ? 1 : 0)} %`;
}
