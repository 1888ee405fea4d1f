import type { SafeAnswer, SafeState, SafeStep } from 'redsun/sdk/device';
import { asError, type Clock } from 'redsun/sdk/util';
import type { SafetyOutcome } from '../shared/guardian/safety-act.ts';
import { bytesToText } from './messages.ts';
import type { PortExchanges } from './port-exchanges.ts';

/** A device that does not answer is told this many times before the act says that it failed. */
const ATTEMPTS = 2;
/** What moves is halted at the latest so long after the lights were told, ms: a laser that is silent must not keep a stage going. */
const LIGHTS_FIRST_MS = 250;

/** A device to be made safe, and the port where it listens. */
export interface Protected {
  readonly state: SafeState;
  readonly lineEnd: string;
  readonly exchanges: PortExchanges;
}

/** Makes everything safe: lights and shutters, then what moves. Devices on different ports at the same time. Never rejects. */
export async function makeSafe(all: readonly Protected[], clock: Clock): Promise<SafetyOutcome[]> {
  const startMs = clock.monotonicMs();
  const told = (order: SafeState['order']) =>
    Promise.all(all.filter(({ state }) => state.order === order).map((one) => makeOneSafe(one, startMs, clock)));
  const lights = told('light');
  const patience = new AbortController();
  await Promise.race([lights, clock.sleep(LIGHTS_FIRST_MS, patience.signal).catch(() => {})]);
  patience.abort();
  const motion = told('motion');
  return [...(await lights), ...(await motion)];
}

/** Tells one device, as often as it takes. @param startMs - from when its time counts. */
export async function makeOneSafe(one: Protected, startMs: number, clock: Clock): Promise<SafetyOutcome> {
  const { device, order, steps } = one.state;
  for (let attempts = 1; ; attempts++) {
    const last = { sent: '', received: null as string | null };
    try {
      for (const step of steps) {
        last.sent = bytesToText(bytesOf(step.send, one.lineEnd));
        last.received = await carryOut(one, step);
      }
      const outcome = steps.every(({ expect }) => expect.kind === 'nothing') ? 'sent' : 'confirmed';
      return { device, order, outcome, ...last, error: null, attempts, ms: clock.monotonicMs() - startMs };
    } catch (thrown) {
      if (attempts < ATTEMPTS) continue;
      const error = asError(thrown).message;
      return { device, order, outcome: 'failed', ...last, error, attempts, ms: clock.monotonicMs() - startMs };
    }
  }
}

async function carryOut(
  { exchanges, lineEnd }: Protected,
  { send, expect, timeoutMs }: SafeStep,
): Promise<string | null> {
  const { reply } = exchanges.exchange({
    bytes: bytesOf(send, lineEnd),
    reply: framingOf(expect),
    timeoutMs,
    by: 'guardian',
    rank: 'safety',
    accepts: (bytes) => isAnswer(bytes, expect),
  });
  const answer = await reply;
  return expect.kind === 'nothing' ? null : bytesToText(answer);
}

function framingOf(expect: SafeAnswer) {
  switch (expect.kind) {
    case 'line':
    case 'line-like':
      return { kind: 'line' } as const;
    case 'bytes':
      // Its own end: what an exchange that was cut off still says is passed over.
      return { kind: 'until', end: expect.equals } as const;
    case 'nothing':
      return { kind: 'none' } as const;
  }
}

function isAnswer(bytes: Uint8Array, expect: SafeAnswer): boolean {
  switch (expect.kind) {
    case 'line':
      return new TextDecoder().decode(bytes) === expect.equals;
    case 'line-like':
      return new RegExp(`^(?:${expect.pattern})$`).test(new TextDecoder().decode(bytes));
    case 'bytes':
    case 'nothing':
      return true;
  }
}

function bytesOf(send: SafeStep['send'], lineEnd: string): Uint8Array {
  return typeof send === 'string' ? new TextEncoder().encode(send + lineEnd) : Uint8Array.from(send);
}
