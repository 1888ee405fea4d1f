import { isAxis, isXYStage, type PDevice } from 'redsun/sdk/device';
import type { RunEngine } from 'redsun/sdk/engine';
import type { RunStart } from 'redsun/sdk/events';
import type { FrameIndex } from 'redsun/sdk/storage';
import type { FrameHeader } from '../../../shared/channels/camera.ts';
import { onStage } from '../../../shared/geometry/stage-direction.ts';
import type { Optics } from '../optics.ts';
import { findFocus } from '../plans/mda-plan.ts';

/** What a picture is of: true when it was taken, whatever has changed since. */
export type PictureFacts = Pick<
  FrameHeader,
  'channel' | 'stageUm' | 'umPerPx' | 'middleUm' | 'direction' | 'source' | 'run'
>;

interface Placed {
  readonly index: FrameIndex;
}

/** Says of each frame, in the moment it comes, what it shows. A frame that waits for a slow window is not described anew. */
export class PictureFactsSource implements Disposable {
  readonly #optics: Pick<Optics, 'channel' | 'umPerPx' | 'middleUm'>;
  readonly #devices: ReadonlyMap<string, PDevice>;
  readonly #direction: FrameHeader['direction'];
  #runName: string | null = null;
  #index: FrameIndex | null = null;
  /** Places of the frames of a burst, which come without a message in between. */
  #burst: readonly Placed[] = [];
  readonly #burstFrames = new Map<string, number>();
  readonly #scope = new DisposableStack();

  constructor(
    engine: RunEngine,
    optics: Pick<Optics, 'channel' | 'umPerPx' | 'middleUm'>,
    devices: ReadonlyMap<string, PDevice>,
    direction: FrameHeader['direction'],
  ) {
    this.#direction = direction;
    this.#optics = optics;
    this.#devices = devices;
    const token = engine.subscribe((_name, document) => {
      const { redsun_run: name, uid } = document as RunStart & { readonly redsun_run?: unknown };
      this.#runName = typeof name === 'string' ? name : uid.slice(0, 8);
      this.#put(null, []);
    }, 'start');
    const messages = engine.messageStarted.connect(({ command, kwargs }) => {
      if (command !== 'frame_place') return;
      const { index, burst } = kwargs as { readonly index?: FrameIndex; readonly burst?: readonly Placed[] };
      this.#put(index ?? null, burst ?? []);
    });
    this.#scope.defer(() => engine.unsubscribe(token));
    this.#scope.use(messages);
  }

  [Symbol.dispose](): void {
    this.#scope.dispose();
  }

  /** A run begins; until its start document comes, nobody knows what it is called. */
  forgetRun(): void {
    this.#runName = null;
    this.#put(null, []);
  }

  /** For the frame that `camera` has just given; called once per frame. */
  of(camera: string, source: FrameHeader['source']): PictureFacts {
    const place = source === 'run' ? this.#placeOf(camera) : null;
    return {
      channel: this.#optics.channel,
      stageUm: this.#stage(),
      umPerPx: this.#optics.umPerPx(camera),
      middleUm: this.#middle(camera),
      direction: this.#direction,
      source,
      run: source === 'run' && this.#runName !== null ? { name: this.#runName, place } : null,
    };
  }

  #placeOf(camera: string): Record<string, number> | null {
    const frame = this.#burstFrames.get(camera) ?? 0;
    const inBurst = this.#burst[frame];
    if (inBurst) this.#burstFrames.set(camera, frame + 1);
    const index = inBurst?.index ?? (this.#burst.length > 0 ? null : this.#index);
    return index && { ...index };
  }

  #put(index: FrameIndex | null, burst: readonly Placed[]): void {
    this.#index = index;
    this.#burst = burst;
    this.#burstFrames.clear();
  }

  #stage(): FrameHeader['stageUm'] {
    const all = [...this.#devices.values()];
    const xy = all.find(isXYStage) ?? null;
    const focus = findFocus(all, xy);
    return { x: xy?.x.position ?? null, y: xy?.y.position ?? null, z: isAxis(focus) ? focus.position : null };
  }

  #middle(camera: string): FrameHeader['middleUm'] {
    const { x, y } = this.#stage();
    const away = this.#optics.middleUm(camera);
    if (x === null || y === null || away === null) return null;
    const way = onStage(this.#direction, { x: away[0], y: away[1] });
    return { x: x + way.x, y: y + way.y };
  }
}
