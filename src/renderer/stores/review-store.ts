import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { reviewChannel } from '../../shared/channels/review.ts';
import type { Bridge } from '../../shared/ipc/bridge.ts';
import type { ImageDescription, StoreDescription } from '../../shared/stores/index.ts';
import { autoLimits, type Histogram, histogramOf } from '../canvas/histogram.ts';
import type { ImageLayer, LayerDisplay } from '../canvas/layer.ts';
import type { Decoder } from '../workers/decode-client.ts';
import { createPlaneCache, layerFrom } from './plane-cache.ts';
import { channelAxisOf, channelsOf, Journal, type JournalFrame, shownLevel } from './review-image.ts';

export interface OpenedReview {
  readonly storeId: string;
  readonly name: string;
  readonly path: string;
  /** As `review.runs` names it; null for stores of other programs. */
  readonly runId: string | null;
  readonly description: StoreDescription;
  readonly journal: Journal;
}

/** One channel of the shown picture. */
export interface ShownChannel {
  readonly name: string;
  readonly display: LayerDisplay;
  readonly layer: ImageLayer | null;
  readonly histogram: Histogram | null;
  /** Never acquired, as the journal or the store says. */
  readonly missing: boolean;
  readonly frame: JournalFrame | null;
}

export interface ReviewState {
  readonly phase: 'none' | 'opening' | 'open' | 'failed';
  /** What is being opened, or could not be. */
  readonly wanted: string;
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly opened: OpenedReview | null;
  readonly image: number;
  /** By axis name. */
  readonly indices: Readonly<Record<string, number>>;
  readonly channels: readonly ShownChannel[];
  readonly active: number;
  readonly mode: 'composite' | 'single';
  readonly loading: boolean;
  readonly planeProblem: { readonly code: string; readonly message: string } | null;
}

/** The store under review in this window, and what one can do with it. */
export interface ReviewStore extends StoreApi<ReviewState> {
  /** The run that is open is read anew, at the same place. */
  openRun(id: string): Promise<void>;
  openPath(path: string): Promise<void>;
  close(): Promise<void>;
  setImage(image: number): void;
  setIndex(axis: string, index: number): void;
  setDisplay(channel: number, change: Partial<LayerDisplay>): void;
  setActive(channel: number): void;
  setMode(mode: ReviewState['mode']): void;
  autoOnce(ignorePercent: number): void;
}

const NOTHING: ReviewState = {
  phase: 'none',
  wanted: '',
  problem: null,
  opened: null,
  image: 0,
  indices: {},
  channels: [],
  active: 0,
  mode: 'composite',
  loading: false,
  planeProblem: null,
};

export function createReviewStore(bridge: Bridge, decoder: Decoder): ReviewStore {
  const review = bridge.channel(reviewChannel);
  const store = createStore<ReviewState>()(() => NOTHING);
  const cache = createPlaneCache(decoder);
  /** Answers to an older question than this are dropped. */
  let question = 0;
  /** Of the planes that are being read: others are asked for, and these are wanted no more. */
  let loading = new AbortController();

  const currentImage = (): ImageDescription | null => {
    const { opened, image } = store.getState();
    return opened?.description.images[image] ?? null;
  };

  const load = async (): Promise<void> => {
    const { opened, image: imageIndex, indices, channels } = store.getState();
    const image = currentImage();
    if (!opened || !image) return;
    const mine = ++question;
    loading.abort(new RedsunError('channel/cancelled', 'Another plane is asked for'));
    loading = new AbortController();
    const { signal } = loading;
    store.setState({ loading: true, planeProblem: null });
    const axis = channelAxisOf(image);
    const arrayPath = image.levels[0]?.path ?? '';
    try {
      const loaded = await Promise.all(
        channels.map(async (channel, c): Promise<ShownChannel> => {
          const at = axis ? { ...indices, [axis.name]: c } : indices;
          const frame = opened.journal.find(arrayPath, at);
          // A store that nobody keeps a journal of has whatever it has.
          const missing = opened.journal.size > 0 && frame === null;
          if (missing) return { ...channel, layer: null, histogram: null, missing, frame };
          const level = shownLevel(image);
          const plane = await cache.get({ storeId: opened.storeId, image: imageIndex, level, indices: at }, signal);
          if (!plane.acquired) return { ...channel, layer: null, histogram: null, missing: true, frame };
          const [full, shown] = [image.levels[0]?.shape, image.levels[level]?.shape];
          const step =
            full && shown ? Math.max(1, Math.round((full[full.length - 1] ?? 1) / (shown[shown.length - 1] ?? 1))) : 1;
          const histogram = histogramFor(plane.dtype, plane.data, plane.min, plane.max);
          const first =
            channel.histogram === null && channel.layer === null && channel.display.high <= channel.display.low;
          const display = first ? { ...channel.display, ...autoLimits(histogram, 0.1) } : channel.display;
          return {
            ...channel,
            display,
            layer: layerFrom(plane, channel.name, display, step),
            histogram,
            missing,
            frame,
          };
        }),
      );
      if (mine !== question) return;
      // What the hand changed meanwhile wins over what was there when loading began.
      const now = store.getState().channels;
      store.setState({
        loading: false,
        channels: loaded.map((channel, c) => {
          const touched = now[c] && now[c]?.display !== channels[c]?.display ? now[c]?.display : null;
          return touched ? withDisplay(channel, touched) : channel;
        }),
      });
    } catch (thrown) {
      if (mine !== question) return;
      store.setState({
        loading: false,
        planeProblem: { code: codeOf(thrown), message: asError(thrown).message },
        channels: channels.map((channel) => ({ ...channel, layer: null })),
      });
    }
  };

  const show = (image: number, indices: Readonly<Record<string, number>>, keep: readonly ShownChannel[]): void => {
    const { opened } = store.getState();
    const description = opened?.description.images[image];
    if (!description) return;
    const channels = channelsOf(description).map((info, c): ShownChannel => {
      const kept = keep[c]?.name === info.name ? keep[c]?.display : undefined;
      // Limits that are not above one another are found from the first picture.
      const unset = { colour: info.colour, low: 0, high: 0, gamma: 1, visible: true };
      return { name: info.name, display: kept ?? unset, layer: null, histogram: null, missing: false, frame: null };
    });
    const fitting = description.axes
      .slice(0, -2)
      .map(({ name, size }) => [name, Math.min(indices[name] ?? 0, size - 1)] as const);
    const { active } = store.getState();
    store.setState({
      image,
      indices: Object.fromEntries(fitting),
      channels,
      active: Math.min(active, channels.length - 1),
    });
    void load();
  };

  const open = async (
    wanted: string,
    runId: string | null,
    call: () => Promise<{ storeId: string; name: string; path: string }>,
  ): Promise<void> => {
    const mine = ++question;
    const { opened: before, ...place } = store.getState();
    // A run that has grown or was repaired is read anew, and one stays where one was in it.
    const isSame = runId !== null && before?.runId === runId;
    store.setState({ ...NOTHING, mode: store.getState().mode, phase: 'opening', wanted });
    if (before) await forget(before.storeId);
    let storeId: string | null = null;
    try {
      const opened = await call();
      storeId = opened.storeId;
      const description = await decoder.open(opened.storeId);
      const journal = new Journal(await review.call('journal', { storeId: opened.storeId }));
      if (mine !== question) return void forget(opened.storeId);
      store.setState({ phase: 'open', opened: { ...opened, runId, description, journal } });
      if (isSame) show(place.image, place.indices, place.channels);
      else show(0, {}, []);
    } catch (thrown) {
      if (storeId !== null) void forget(storeId);
      if (mine !== question) return;
      store.setState({ phase: 'failed', problem: { code: codeOf(thrown), message: asError(thrown).message } });
    }
  };
  const forget = async (storeId: string): Promise<void> => {
    cache.clear();
    decoder.forget(storeId);
    // The host closes what a lost client had open by itself.
    await review.call('close', { storeId }).catch(() => {});
  };

  return {
    ...store,
    openRun: (id) => open(id, id, () => review.call('openRun', { id })),
    openPath: (path) => open(path, null, () => review.call('openPath', { path })),
    async close() {
      const { opened } = store.getState();
      question += 1;
      store.setState(NOTHING);
      if (opened) await forget(opened.storeId);
    },
    setImage: (image) => show(image, store.getState().indices, store.getState().channels),
    setIndex(axis, index) {
      store.setState(({ indices }) => ({ indices: { ...indices, [axis]: index } }));
      void load();
    },
    setDisplay(channel, change) {
      store.setState(({ channels }) => ({
        channels: channels.map((shown, c) =>
          c === channel ? withDisplay(shown, { ...shown.display, ...change }) : shown,
        ),
      }));
    },
    setActive: (active) => store.setState({ active }),
    setMode: (mode) => store.setState({ mode }),
    autoOnce(ignorePercent) {
      store.setState(({ channels }) => ({
        channels: channels.map((shown) =>
          shown.histogram
            ? withDisplay(shown, { ...shown.display, ...autoLimits(shown.histogram, ignorePercent) })
            : shown,
        ),
      }));
    },
  };
}

function withDisplay(channel: ShownChannel, display: LayerDisplay): ShownChannel {
  return { ...channel, display, layer: channel.layer && { ...channel.layer, display } };
}

function histogramFor(dtype: string, data: Parameters<typeof histogramOf>[0], min: number, max: number): Histogram {
  return dtype === 'uint16' || dtype === 'uint8'
    ? histogramOf(data)
    : histogramOf(data, min, max > min ? max : min + 1);
}
