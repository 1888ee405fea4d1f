import { type Camera, isCamera, type LabelledDevice, type PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, type StreamSender, serveChannel } from 'redsun/sdk/presenter';
import { asError, RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import {
  type CameraState,
  cameraChannel,
  type FrameHeader,
  type FramesAsked,
} from '../../../shared/channels/camera.ts';
import { frameMessage } from '../live/frame-message.ts';
import { LivePictures } from '../live/live-pictures.ts';
import { PictureFactsSource } from '../live/picture-facts.ts';
import { PictureThread } from '../live/picture-thread.ts';
import { refuseDuringRun } from '../run/refuse-during-run.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';
import { within } from '../within.ts';

/** Frames of the last second make the rate. */
const RATE_WINDOW_MS = 1000;
/** Of a picture, beyond its exposure. */
const SNAP_GRACE_MS = 5000;
/** Of one picture, whatever is asked for: the frame of the largest cameras. */
const MOST_PIXELS = 64 * 1024 * 1024;

interface InterruptedLive {
  readonly name: string;
  readonly channel: string | null;
  readonly settings: Camera['settings'];
}

interface Watched {
  readonly camera: Camera;
  readonly pictures: LivePictures;
  /** Monotonic ms of the frames of the last second. */
  readonly times: number[];
  live: { readonly controller: AbortController; readonly ended: Promise<void> } | null;
}

/** What it is made of. */
export type CameraServices = Pick<
  HostServices,
  'clock' | 'engine' | 'latch' | 'loggerFor' | 'optics' | 'pictureWorkerPath' | 'roster' | 'session'
>;

/** Snap and Live, camera settings, and frames for the screen. */
export class CameraPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[{ cameras: CameraState[] }]>();
  readonly #host: CameraServices;
  readonly #watched = new Map<string, Watched>();
  readonly #selectors = new Set<LabelledDevice>();
  readonly #announce: () => void;
  readonly #facts: PictureFactsSource;
  readonly #thread: PictureThread;
  #source: FrameHeader['source'] = 'snap';
  /** Pictures that are being taken. Never rejects. */
  #snapping: Promise<void> = Promise.resolve();
  /** Cameras whose Live a run has interrupted, and what was seen there. */
  #interrupted: InterruptedLive[] = [];
  readonly #scope = new DisposableStack();

  constructor(name: string, host: CameraServices) {
    this.name = name;
    this.#host = host;
    this.devices = host.roster.devices;
    this.#facts = new PictureFactsSource(
      host.engine,
      host.optics,
      host.roster.devices,
      host.session.file.stage_direction,
    );
    this.#scope.use(this.#facts);
    this.#thread = this.#scope.use(new PictureThread(host.pictureWorkerPath));
    this.#announce = throttle(() => this.changed.emit({ cameras: this.#states() }), 200, host.clock);
    this.#scope.use(host.roster.changed.connect(() => this.#watch()));
    this.#scope.use(host.optics.channelChanged.connect(this.#announce));
    this.channel = serveChannel(cameraChannel, {
      calls: {
        snap: ({ camera }, { signal }) => {
          const snapped = this.#snap(camera, signal);
          this.#snapping = Promise.allSettled([this.#snapping, snapped]).then(() => {});
          return snapped;
        },
        startLive: async ({ camera }) => this.#startLive(camera),
        stopLive: async () => this.stopLive(),
        applySettings: async ({ camera, settings }) => {
          refuseDuringRun(host.engine, `set ${camera}`);
          await this.#require(camera).camera.applySettings(settings);
          this.#announce();
        },
      },
      events: { changed: this.changed },
      streams: { frames: (asked, sender) => this.#stream(asked, sender) },
    });
  }

  shutdown(): Promise<void> {
    this.#scope.dispose();
    return this.stopLive();
  }

  get isLive(): boolean {
    return [...this.#watched.values()].some(({ live }) => live !== null);
  }

  /** Ends Live everywhere and resolves when lights are out. */
  async stopLive(): Promise<void> {
    await Promise.all(
      [...this.#watched.values()].map(async ({ live }) => {
        live?.controller.abort(new RedsunError('camera/stopped', 'Live was stopped'));
        await live?.ended;
      }),
    );
  }

  /** A run takes the cameras, when the picture that is being taken is there; what was live is live again after `release`. */
  async claimForRun(): Promise<void> {
    await this.#snapped();
    await within(this.#host.optics.settled, SNAP_GRACE_MS, this.#host.clock);
    const { channel } = this.#host.optics;
    this.#interrupted = [...this.#watched].flatMap(([name, { live, camera }]) =>
      live === null ? [] : [{ name, channel, settings: camera.settings }],
    );
    await this.stopLive();
    this.#facts.forgetRun();
    this.#source = 'run';
  }

  /** Live goes on as it was, or not at all: another light, or a longer one, is not what the operator left on. */
  release(): void {
    this.#source = 'snap';
    const again = this.#interrupted.splice(0);
    if (this.#host.latch.pulled) return;
    for (const before of again) {
      const changed = this.#changedSince(before);
      const logger = this.#host.loggerFor(before.name);
      if (changed !== null) logger.warning(`Live stays off: after the run ${changed}`);
      else this.#startLive(before.name).catch((error: unknown) => logger.error(asError(error).message));
    }
  }

  #changedSince({ name, channel, settings }: InterruptedLive): string | null {
    const now = this.#require(name).camera.settings;
    const { optics } = this.#host;
    if (optics.channel !== channel) return `the channel is ${optics.channel ?? 'none'}, and was ${channel ?? 'none'}`;
    if (now.exposureMs !== settings.exposureMs)
      return `the exposure is ${now.exposureMs} ms, and was ${settings.exposureMs} ms`;
    return null;
  }

  /** Waits in vain for a camera that never answers: the run then says so. */
  async #snapped(): Promise<void> {
    const exposureMs = Math.max(0, ...[...this.#watched.values()].map(({ camera }) => camera.settings.exposureMs));
    await within(this.#snapping, exposureMs + SNAP_GRACE_MS, this.#host.clock);
  }

  async #snap(name: string, signal: AbortSignal): Promise<void> {
    this.#check(`Snap with ${name}`);
    await this.stopLive();
    const { camera } = this.#require(name);
    this.#source = 'snap';
    await using _light = await this.#host.optics.illuminate();
    await camera.snap(signal);
    this.#host.loggerFor(name).info(`Snapped, ${camera.settings.exposureMs} ms`);
  }

  async #startLive(name: string): Promise<void> {
    this.#check(`Live with ${name}`);
    await this.stopLive();
    const watched = this.#require(name);
    const controller = new AbortController();
    const ended = this.#live(watched, controller.signal)
      .catch((error: unknown) => this.#host.loggerFor(name).error(`Live ended: ${asError(error).message}`))
      .finally(() => {
        watched.live = null;
        this.#announce();
        // A second later no frame of it counts any more: the rate is gone, too.
        this.#host.clock.setTimeout(this.#announce, RATE_WINDOW_MS + 100);
      });
    watched.live = { controller, ended };
    this.#source = 'live';
    this.#announce();
  }

  async #live({ camera }: Watched, signal: AbortSignal): Promise<void> {
    await using _light = await this.#host.optics.illuminate();
    const [height, width] = camera.frameShape;
    this.#host.loggerFor(camera.name).info(`Live started, ${width} × ${height}, ${camera.settings.exposureMs} ms`);
    try {
      await camera.live(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    this.#host.loggerFor(camera.name).info('Live stopped');
  }

  async #stream(
    { camera, maxFps, maxPixels, ...asked }: FramesAsked,
    sender: StreamSender<FrameHeader>,
  ): Promise<void> {
    const { pictures } = this.#require(camera);
    const { clock } = this.#host;
    using viewer = pictures.look({ ...asked, maxPixels: Math.min(maxPixels, MOST_PIXELS) });
    // An aborted stream rejects: the bridge knows that it was asked to end.
    for (;;) {
      await sender.ready();
      const fromMs = clock.monotonicMs();
      const { header, payload } = frameMessage(camera, await viewer.next(sender.signal));
      sender.send(header, payload);
      const restMs = 1000 / maxFps - (clock.monotonicMs() - fromMs);
      if (restMs > 1) await clock.sleep(restMs, sender.signal);
    }
  }

  #check(what: string): void {
    this.#host.latch.check(what);
    refuseDuringRun(this.#host.engine, what.toLowerCase());
  }

  #require(name: string): Watched {
    const watched = this.#watched.get(name);
    if (!watched) throw new RedsunError('device/unknown', `No camera "${name}" in this session`);
    return watched;
  }

  #watch(): void {
    // Another objective, another size of the pixels.
    for (const selector of this.#host.optics.selectors) {
      if (this.#selectors.has(selector)) continue;
      this.#selectors.add(selector);
      this.#scope.use(selector.changed.connect(this.#announce));
    }
    for (const camera of [...this.devices.values()].filter(isCamera)) {
      if (this.#watched.has(camera.name)) continue;
      const pictures = this.#scope.use(new LivePictures(this.#thread, this.#host.clock));
      const watched: Watched = { camera, pictures, times: [], live: null };
      this.#watched.set(camera.name, watched);
      this.#scope.use(camera.changed.connect(this.#announce));
      const onFrame = camera.onFrame((frame) => {
        const now = this.#host.clock.monotonicMs();
        watched.times.push(now);
        while ((watched.times[0] ?? now) < now - RATE_WINDOW_MS) watched.times.shift();
        watched.pictures.offer(frame, () => this.#facts.of(camera.name, this.#source));
        this.#announce();
      });
      this.#scope.use(onFrame);
    }
    this.#announce();
  }

  #states(): CameraState[] {
    return [...this.#watched.values()].map(({ camera, live, times }) => {
      const { name, settings, limits, sensor, frameShape } = camera;
      const [heightPx, widthPx] = frameShape;
      const now = this.#host.clock.monotonicMs();
      const recent = times.filter((time) => time > now - RATE_WINDOW_MS);
      const spanMs = (recent[recent.length - 1] ?? 0) - (recent[0] ?? 0);
      return {
        name,
        model: sensor.model,
        settings: { ...settings, region: { ...settings.region } },
        limits: {
          ...limits,
          binnings: [...limits.binnings],
          bitDepths: [...limits.bitDepths],
          regions: limits.regions ?? 'free',
        },
        sensor: { widthPx: sensor.widthPx, heightPx: sensor.heightPx, pixelSizeUm: sensor.pixelSizeUm },
        frame: { widthPx, heightPx },
        umPerPx: this.#host.optics.umPerPx(name),
        live: live !== null,
        fps: recent.length > 1 && spanMs > 0 ? ((recent.length - 1) * 1000) / spanMs : null,
      };
    });
  }
}
