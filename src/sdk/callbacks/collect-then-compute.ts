import { DocumentRouter } from '../events/document-router.ts';
import type { Event, EventDescriptor, RunStart, RunStop } from '../events/documents.ts';

/** Keeps the documents of a run and computes something at its end. A new run begins with nothing kept. */
export abstract class CollectThenCompute extends DocumentRouter {
  #start: RunStart | null = null;
  #stop: RunStop | null = null;
  #descriptors: EventDescriptor[] = [];
  #events: Event[] = [];

  /** Called when the run has ended. */
  abstract compute(): void;

  /** Of the run; null before the first. */
  protected get startDocument(): RunStart | null {
    return this.#start;
  }

  /** Of the run; null before its end. */
  protected get stopDocument(): RunStop | null {
    return this.#stop;
  }

  /** Of the run, so far. */
  protected get descriptors(): readonly EventDescriptor[] {
    return this.#descriptors;
  }

  /** Of the run, so far. */
  protected get events(): readonly Event[] {
    return this.#events;
  }

  override start(doc: RunStart): void {
    this.reset();
    this.#start = doc;
  }

  override descriptor(doc: EventDescriptor): void {
    this.#descriptors.push(doc);
  }

  override event(doc: Event): void {
    this.#events.push(doc);
  }

  override stop(doc: RunStop): void {
    this.#stop = doc;
    this.compute();
  }

  /** Forgets what it kept. */
  reset(): void {
    this.#start = null;
    this.#stop = null;
    this.#descriptors = [];
    this.#events = [];
  }
}
