/** Any class that can be extended. */
export type AbstractClass = abstract new (...args: never[]) => object;
