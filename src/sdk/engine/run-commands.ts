import { isConfigurable, isReadable, isSubscribable } from '../device/protocols.ts';
import type { ExitStatus, Reading } from '../events/documents.ts';
import { after, inTurn } from '../util/awaitable.ts';
import { RuntimeError, ValueError } from '../util/errors.ts';
import type { CommandContext, CommandHandler } from './command-context.ts';
import { nameOf } from './described-object.ts';
import { required } from './device-commands.ts';
import { IllegalMessageSequence } from './errors.ts';
import type { Msg } from './msg.ts';
import type { RunDocuments } from './run-documents.ts';

/** Commands about runs and their documents. */
export const RUN_COMMANDS: Readonly<Record<string, CommandHandler>> = {
  open_run(engine, { run, kwargs }) {
    if (engine.runs.has(run)) {
      throw new IllegalMessageSequence("A 'close_run' message was not received before the 'open_run' message");
    }
    return engine.openRun(run, kwargs);
  },

  close_run(engine, { run: key, kwargs }) {
    const run = engine.runs.get(key);
    if (!run) {
      throw new IllegalMessageSequence("A 'close_run' message was not received before the 'open_run' message");
    }
    engine.runs.delete(key);
    const { status, reason } = engine.exitOf(
      (kwargs.exit_status as ExitStatus | null) ?? 'success',
      String(kwargs.reason ?? ''),
    );
    run.close(status, reason);
    engine.forgetMessages();
    for (const [device, frames] of run.untold) engine.reportUntold(device, frames);
    return run.uid;
  },

  declare_stream(engine, { run: key, args, kwargs }) {
    const objects = args.filter((arg): arg is object => typeof arg === 'object' && arg !== null);
    const run = bundlingRun(engine, key);
    return run.declareStream(String(kwargs.name), objects, kwargs.collect === true ? 'collect' : 'read');
  },

  create(engine, { run: key, args, kwargs }) {
    const run = bundlingRun(engine, key);
    const name = kwargs.name ?? args[0];
    if (typeof name !== 'string') {
      run.create('');
      throw new ValueError(
        "Msg('create') now requires a stream name, given as Msg('create', name) or Msg('create', name=name)",
      );
    }
    run.create(name);
  },

  read(engine, message) {
    const obj = required(message, isReadable, 'Readable');
    return after<Record<string, Reading> | null, Record<string, Reading>>(obj.read(), (reading) => {
      if (!reading) {
        throw new RuntimeError(
          `The read of ${nameOf(obj)} returned None. This is a bug in your object implementation, \`read\` must return a dictionary.`,
        );
      }
      return after(engine.runs.get(message.run)?.read(obj, reading), () => reading);
    });
  },

  save: (engine, message) => requireRun(engine, message).save(),

  drop(engine, message) {
    requireRun(engine, message).drop();
  },

  collect(engine, message) {
    const run = requireRun(engine, message);
    const { stream, return_payload: returnPayload, name } = message.kwargs;
    if (stream === true) {
      throw new RuntimeError(
        'Collect now emits EventPages (stream=False), so emitting Events (stream=True) is no longer supported',
      );
    }
    const objects = [message.obj, ...message.args].filter(
      (arg): arg is object => typeof arg === 'object' && arg !== null,
    );
    const collected = run.collect(objects, typeof name === 'string' ? name : null);
    return after(collected, (payload) => (returnPayload === false ? null : payload));
  },

  configure(engine, message) {
    const obj = required(message, isConfigurable, 'Configurable');
    for (const run of engine.runs.values()) {
      if (run.bundling) {
        throw new IllegalMessageSequence("Cannot configure after 'create' but before 'save' Aborting!");
      }
    }
    return after(obj.configure((message.args[0] ?? {}) as Record<string, unknown>), (result) =>
      after(
        inTurn(engine.runs.values(), (run) => run.reconfigured(obj)),
        () => result,
      ),
    );
  },

  monitor(engine, message) {
    const run = requireRun(engine, message);
    if (message.args.length > 0) throw new ValueError("The 'monitor' Msg does not accept positional arguments.");
    const obj = required(message, isSubscribable, 'Subscribable');
    const name = typeof message.kwargs.name === 'string' ? message.kwargs.name : `${nameOf(obj)}_monitor`;
    engine.forgetMessages();
    return run.monitor(obj, name);
  },

  unmonitor(engine, message) {
    const run = engine.runs.get(message.run);
    if (!run) throw new IllegalMessageSequence("An 'unmonitor' message was sent but no run is open.");
    run.monitors.remove(required(message, isSubscribable, 'Subscribable'));
    engine.forgetMessages();
  },
};

/** @throws IllegalMessageSequence */
export function requireRun(engine: CommandContext, { run: key, command }: Msg): RunDocuments {
  const run = engine.runs.get(key);
  if (!run) throw new IllegalMessageSequence(`A '${command}' message was sent but no run is open.`);
  return run;
}

function bundlingRun(engine: CommandContext, key: string | null): RunDocuments {
  const run = engine.runs.get(key);
  if (run) return run;
  throw new IllegalMessageSequence(
    "Cannot bundle readings without an open run. That is, 'create' must be preceded by 'open_run'.",
  );
}
