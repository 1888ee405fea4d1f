/** Makes ids; injected, so that recorded runs can be compared. */
export type NewUid = () => string;

/** A random UUID, version 4, lower case. */
export const randomUid: NewUid = () => crypto.randomUUID();
