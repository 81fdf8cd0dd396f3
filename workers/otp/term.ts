/** Whatever a message carries: plain data, of a type that only its sender and receiver know. `term()`. */
// biome-ignore lint/suspicious/noExplicitAny: with unknown, learners would have to cast at every receive.
export type Term = any;
