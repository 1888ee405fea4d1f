import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ToastKind } from '../../ui/index.ts';
import { type Memory, remembered } from './remembered.ts';

export const WINDOW_LAYOUTS = ['acquire', 'review'] as const;
export type WindowLayout = (typeof WINDOW_LAYOUTS)[number];

const contrastSchema = z.object({ low: z.number(), high: z.number(), gamma: z.number(), visible: z.boolean() });
export type Contrast = z.infer<typeof contrastSchema>;

const keptSchema = z.object({
  theme: z.enum(['dark', 'light']),
  layout: z.enum(WINDOW_LAYOUTS),
  camera: z.string().nullable(),
  /** Distance of a jog: pixels, parts of the field, or um. */
  xyStep: z.enum(['1px', '0.1field', '1field', 'free']),
  xyStepUm: z.number().positive(),
  zStepUm: z.number().positive(),
  overlays: z.boolean(),
  liveColour: z.boolean(),
  /** Of the live view, by channel or camera. */
  contrast: z.record(z.string(), contrastSchema),
  autoStretch: z.boolean(),
  ignorePercent: z.number().min(0).max(20),
  logHistogram: z.boolean(),
});
export type KeptWindowState = z.infer<typeof keptSchema>;

export interface ToastState {
  readonly id: number;
  readonly kind: ToastKind;
  readonly title: string;
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly times: number;
}

export interface WindowState extends KeptWindowState {
  readonly toasts: readonly ToastState[];
  /** Every notice of this visit, newest last. */
  readonly pastToasts: readonly ToastState[];
  /** What the live view shows of what the camera gives; null when nothing moves. */
  readonly shownFps: number | null;
  /** The STOP notice was put aside; it comes back with the next STOP. */
  readonly stopNoticeClosed: boolean;
  /** STOP could not reach the host. */
  readonly stopUnreached: string | null;
  /** Who pressed STOP that the host has not answered yet, though it had its time; null: nobody. */
  readonly stopUnanswered: string | null;
}

export type WindowStore = StoreApi<WindowState>;

const DEFAULTS: KeptWindowState = {
  theme: 'dark',
  layout: 'acquire',
  camera: null,
  xyStep: '0.1field',
  xyStepUm: 10,
  zStepUm: 1,
  overlays: true,
  liveColour: true,
  contrast: {},
  autoStretch: true,
  ignorePercent: 0.1,
  logHistogram: true,
};

/** What this window shows and how: never a state of the microscope. Kept per client. */
export function createWindowStore(memory: Memory): WindowStore {
  const kept = remembered(memory, 'redsun.window', 1, keptSchema);
  const store = createStore<WindowState>()(() => ({
    ...DEFAULTS,
    ...kept.read(),
    toasts: [],
    pastToasts: [],
    shownFps: null,
    stopNoticeClosed: false,
    stopUnreached: null,
    stopUnanswered: null,
  }));
  store.subscribe((state, before) => {
    const keys = Object.keys(DEFAULTS) as (keyof KeptWindowState)[];
    if (keys.some((key) => state[key] !== before[key])) kept.write(keptSchema.parse(state));
  });
  return store;
}

/** Shows a notice; the same one again is counted instead of repeated. */
export function addToast(store: WindowStore, toast: Omit<ToastState, 'id' | 'times'>): void {
  store.setState(({ toasts, pastToasts }) => {
    const same = toasts.find((shown) => shown.title === toast.title && shown.detail === toast.detail);
    const id = same?.id ?? (pastToasts[pastToasts.length - 1]?.id ?? 0) + 1;
    const next = { ...toast, id, times: (same?.times ?? 0) + 1 };
    return {
      toasts: [...toasts.filter((shown) => shown !== same), next],
      pastToasts: [...pastToasts.filter((past) => past.id !== id), next].slice(-100),
    };
  });
}

export function closeToast(store: WindowStore, id: number): void {
  store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** News that has been overtaken. */
export function closeToastsTitled(store: WindowStore, title: string): void {
  store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.title !== title) }));
}
