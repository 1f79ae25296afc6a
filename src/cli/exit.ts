// What the command line's exit codes mean.

export const EXIT = {
  done: 0,
  /** Something failed, and none of the others fits. */
  failed: 1,
  /** The command was not understood: nothing has been sent. */
  usage: 2,
  notFound: 3,
  /** Not signed in, or not allowed. */
  denied: 4,
  /** Something is in the way: a node that is there already, a lock, a condition that does not hold. */
  conflict: 5,
  /** No answer, or none at this moment: the same may work later. */
  unavailable: 6,
  /** Of several things some were done and some not. */
  partly: 7,
  /** Ended by Ctrl-C, as shells have it, or by a No to a question. */
  interrupted: 130,
} as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];
