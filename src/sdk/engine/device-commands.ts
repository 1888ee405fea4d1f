import {
  isFlyable,
  isLocatable,
  isMovable,
  isPreparable,
  isStageable,
  isStoppable,
  isTriggerable,
} from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import { after, allOf } from '../util/awaitable.ts';
import type { CommandContext, CommandHandler } from './command-context.ts';
import { nameOf } from './described-object.ts';
import { IllegalMessageSequence, ProtocolError } from './errors.ts';
import type { Msg } from './msg.ts';

/** Commands that ask something of one device. */
export const DEVICE_COMMANDS: Readonly<Record<string, CommandHandler>> = {
  set(engine, message) {
    const obj = required(message, isMovable, 'Movable');
    engine.moved.add(obj);
    return tracked(engine, message, call(obj, obj.set, message));
  },

  trigger(engine, message) {
    const obj = required(message, isTriggerable, 'Triggerable');
    return tracked(engine, message, call(obj, obj.trigger, message));
  },

  prepare(engine, message) {
    const obj = required(message, isPreparable, 'Preparable');
    return tracked(engine, message, call(obj, obj.prepare, message));
  },

  kickoff(engine, message) {
    const obj = required(message, isFlyable, 'Flyable');
    const run = engine.runs.get(message.run);
    if (!run) throw new IllegalMessageSequence("A 'kickoff' message was sent but no run is open.");
    run.kickedOff(obj);
    return tracked(engine, message, call(obj, obj.kickoff, message));
  },

  complete(engine, message) {
    const obj = required(message, isFlyable, 'Flyable');
    return tracked(engine, message, call(obj, obj.complete, message));
  },

  locate(_engine, message) {
    const first = required(message, isLocatable, 'Locatable');
    const others = message.args.map((obj) => required({ ...message, obj }, isLocatable, 'Locatable'));
    return after(allOf([first, ...others].map((obj) => obj.locate())), (locations) =>
      others.length === 0 && message.kwargs.squeeze !== false ? locations[0] : locations,
    );
  },

  stage(engine, message) {
    const { obj } = message;
    if (!isStageable(obj)) return [];
    engine.staged.add(obj);
    engine.forgetMessages();
    return after(obj.stage(), (result) => (result instanceof Status ? tracked(engine, message, result) : result));
  },

  unstage(engine, message) {
    const { obj } = message;
    if (!isStageable(obj)) return [];
    engine.forgetMessages();
    return after(obj.unstage(), (result) => {
      engine.staged.delete(obj);
      return result instanceof Status ? tracked(engine, message, result) : result;
    });
  },

  stop: (_engine, message) => required(message, isStoppable, 'Stoppable').stop(),
};

/** Hands a device all that the message has for it: arguments in order; those by name, but for the engine's own `group`, in an object after them. */
function call<Result>(obj: object, method: (...args: never[]) => Result, { args, kwargs }: Msg): Result {
  const { group: _, ...named } = kwargs;
  const all = Object.keys(named).length > 0 ? [...args, named] : args;
  return Reflect.apply(method as (...args: readonly unknown[]) => Result, obj, all);
}

function tracked(engine: CommandContext, message: Msg, status: Status): Status {
  engine.track(status, message.kwargs.group ?? null);
  return status;
}

/** The device of a message. @throws ProtocolError when it cannot do what is asked. */
export function required<T>(message: Msg, is: (value: unknown) => value is T, protocol: string): T {
  if (is(message.obj)) return message.obj;
  throw new ProtocolError(`${nameOf(message.obj)} does not implement all ${protocol} methods`);
}
