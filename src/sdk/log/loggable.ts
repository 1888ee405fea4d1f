import type { AbstractClass } from '../util/abstract-class.ts';
import { LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';

/** Makes the logger of an object. @param source - its name, empty when it has none. @param className - of its class. */
export type MakeLogger = (source: string, className: string) => Logger;

/** An object with a log of its own. */
export interface IsLoggable {
  /** Speaks under the name and the class of the object. */
  readonly logger: Logger;
  /** The host says where records go. What was said before, the last 100 messages, goes there now. */
  connectLog(make: MakeLogger): void;
}

/** True when `value` wants to be connected to a log. */
export function isLoggable(value: unknown): value is IsLoggable {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'connectLog') === 'function';
}

const KEPT_MESSAGES = 100;

type Sink =
  | { readonly kind: 'waiting'; readonly said: { readonly level: LogLevel; readonly message: string }[] }
  | { readonly kind: 'connected'; readonly logger: Logger };

/** A class as `Base` whose instances have a `logger`. */
export type Loggable<Base extends AbstractClass> = Omit<Base, 'prototype'> & {
  /** What its instances have. */
  readonly prototype: InstanceType<Base> & IsLoggable;
} & (abstract new (
    ...args: ConstructorParameters<Base>
  ) => InstanceType<Base> & IsLoggable);

/** A base class for objects that speak in the log: `class MyPresenter extends Loggable(Presenter)`. */
export function Loggable<Base extends AbstractClass>(base: Base): Loggable<Base> {
  // A mixin cannot be typed without `any`: the constructor is passed through as it is.
  const plain = base as unknown as new (...args: unknown[]) => object;
  abstract class Speaking extends plain implements IsLoggable {
    #sink: Sink = { kind: 'waiting', said: [] };
    #logger: Logger | null = null;

    get logger(): Logger {
      this.#logger ??= Object.fromEntries(
        LOG_LEVELS.map((level) => [level, (message: string) => this.#say(level, message)]),
      ) as unknown as Logger;
      return this.#logger;
    }

    connectLog(make: MakeLogger): void {
      const said = this.#sink.kind === 'waiting' ? this.#sink.said : [];
      const name = 'name' in this && typeof this.name === 'string' ? this.name : '';
      this.#sink = { kind: 'connected', logger: make(name, this.constructor.name) };
      for (const { level, message } of said) this.#say(level, message);
    }

    #say(level: LogLevel, message: string): void {
      if (this.#sink.kind === 'connected') {
        this.#sink.logger[level](message);
        return;
      }
      this.#sink.said.push({ level, message });
      if (this.#sink.said.length > KEPT_MESSAGES) this.#sink.said.shift();
    }
  }
  return Speaking as unknown as Loggable<Base>;
}
