import type { ManualClock } from 'redsun/sdk/testing';
import { ValueError } from 'redsun/sdk/util';
import {
  AsyncMotor,
  BadDet,
  type BadMode,
  type CallLog,
  Det,
  FileDet,
  FlatFlyer,
  Flyer,
  LimitMotor,
  LocMotor,
  Motor,
  NoRewindDet,
  PageFlyer,
  PausableDet,
  Peak,
  Plain,
  ReadingSignal,
  Signal,
  StatusStageDet,
  StreamDet,
} from '../../../plugins/bluesky-sim/index.ts';

/** The devices of a recorded case, new for each. */
export class Bench {
  /** What was asked of all of them, in order. */
  readonly log: CallLog = [];
  readonly det: Det;
  readonly det2: Det;
  readonly m1: Motor;
  readonly m2: Motor;
  readonly m3: Motor;
  readonly lm: LocMotor;
  readonly am: AsyncMotor;
  readonly sig: Signal;
  readonly rsig: ReadingSignal;
  readonly plain: Plain;
  readonly sdet: StatusStageDet;
  readonly flyer: Flyer;
  readonly flyer2: Flyer;
  readonly pflyer: PageFlyer;
  readonly fflyer: FlatFlyer;
  readonly sd1: StreamDet;
  readonly sd2: StreamDet;
  readonly fd: FileDet;
  readonly peak: Peak;
  readonly slow: Motor;
  readonly #around: { readonly clock: ManualClock; readonly calls: CallLog };

  constructor(clock: ManualClock) {
    const around = { clock, calls: this.log };
    this.#around = around;
    this.det = new Det('det', {}, around);
    this.det2 = new Det('det2', {}, around);
    this.m1 = new Motor('m1', {}, around);
    this.m2 = new Motor('m2', {}, around);
    this.m3 = new Motor('m3', {}, around);
    this.lm = new LocMotor('lm', { start_um: 1 }, around);
    this.am = new AsyncMotor('am', { start_um: 2 }, around);
    this.sig = new Signal('sig', {}, around);
    this.rsig = new ReadingSignal('rsig', {}, around);
    this.plain = new Plain('plain', {}, around);
    this.sdet = new StatusStageDet('sdet', {}, around);
    this.flyer = new Flyer('flyer', {}, around);
    this.flyer2 = new Flyer('flyer2', { points: 2 }, around);
    this.pflyer = new PageFlyer('pflyer', {}, around);
    this.fflyer = new FlatFlyer('fflyer', {}, around);
    this.sd1 = new StreamDet('sd1', {}, around);
    this.sd2 = new StreamDet('sd2', {}, around);
    this.fd = new FileDet('fd', {}, around);
    this.peak = new Peak('peak', { motor: 'm1' }, { ...around, devices: new Map([['m1', this.m1]]) });
    this.slow = new Motor('slow', { arrives: 'when_told' }, around);
  }

  readonly childOf = (parent: Det, name: string) => new Det(name, {}, { ...this.#around, parent });
  readonly plainTwin = () => new Plain('plain', {}, this.#around);
  readonly bad = (mode: BadMode, at = 1) => new BadDet('bad', { mode, at }, this.#around);
  readonly limited = (name: string) => new RecordedLimits(name, {}, this.#around);
  readonly noRewind = (name: string) => new NoRewindDet(name, {}, this.#around);
  readonly pausable = (name: string, { noReplay = false } = {}) =>
    new PausableDet(name, { no_replay: noReplay }, this.#around);
  readonly streamDetector = (name: string, { step }: { readonly step: number }) =>
    new StreamDet(name, { step }, this.#around);

  /** A detector whose exposure a plan may set. */
  readonly withCountTime = (name: string, seconds: number): Det & { readonly countTime: CountTime } => {
    const countTime = new CountTime(`${name}_count_time`, { value: seconds }, this.#around);
    return Object.assign(new Det(name, {}, this.#around), { countTime });
  };
}

/** Refuses in the words of the recorded motor. */
class RecordedLimits extends LimitMotor {
  override checkValue(target: number): void {
    const { low, high } = this.limits;
    if (target < low || target > high) throw new ValueError(`${this.name}: ${target} outside (${low}, ${high})`);
  }
}

/** The exposure of a detector, as a signal. */
class CountTime extends Signal {
  override get(): number {
    return Number(super.get());
  }
}
