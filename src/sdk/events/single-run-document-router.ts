import { DocumentRouter } from './document-router.ts';
import type { Document, DocumentName, DocumentTypes, EventDescriptor, RunStart } from './documents.ts';
import { EventModelError, EventModelValueError } from './errors.ts';

const ME = 'SingleRunDocumentRouter';

/** A router for exactly one run, which remembers its start and its descriptors. */
export abstract class SingleRunDocumentRouter extends DocumentRouter {
  #start: RunStart | null = null;
  readonly #descriptors = new Map<string, EventDescriptor>();

  /** Takes a document of the run. @throws EventModelValueError for a second start, and for a descriptor of another run. */
  override onDocument<N extends DocumentName>(name: N, doc: DocumentTypes[N]): DocumentTypes[N];
  override onDocument(name: DocumentName, doc: Document): Document;
  override onDocument(name: DocumentName, doc: Document): Document {
    if (name === 'start') this.#begin(doc as RunStart);
    if (name === 'descriptor') this.#remember(doc as EventDescriptor);
    return super.onDocument(name, doc);
  }

  /** The start document. @throws EventModelError before it has come. */
  getStart(): RunStart {
    if (!this.#start) throw new EventModelError('no-start', `${ME} has not processed a start document yet`);
    return this.#start;
  }

  /** The descriptor that a document belongs to. @throws EventModelValueError for a document without one, or with an unknown one. */
  getDescriptor(doc: object): EventDescriptor {
    const uid = 'descriptor' in doc ? String(doc.descriptor) : null;
    if (uid === null) {
      throw new EventModelValueError(`document is not associated with a descriptor:\n${JSON.stringify(doc)}`);
    }
    const descriptor = this.#descriptors.get(uid);
    if (!descriptor) throw new EventModelValueError(`${ME} has not processed a descriptor with uid ${uid}`);
    return descriptor;
  }

  /** The name of the stream that a document belongs to. @throws EventModelValueError as `getDescriptor`. */
  getStreamName(doc: object): string {
    return this.getDescriptor(doc).name;
  }

  #begin(start: RunStart): void {
    if (this.#start) {
      throw new EventModelValueError(
        `${ME} associated with start document ${this.#start.uid} received a second start document with uid ${start.uid}`,
      );
    }
    this.#start = start;
  }

  #remember(descriptor: EventDescriptor): void {
    const { uid } = this.getStart();
    if (descriptor.run_start !== uid) {
      throw new EventModelValueError(
        `${ME} associated with start document ${uid} received a descriptor ${descriptor.uid} associated with start document ${descriptor.run_start}`,
      );
    }
    this.#descriptors.set(descriptor.uid, descriptor);
  }
}
