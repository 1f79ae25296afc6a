// A view of nodes, as far as it is known before it is read.

/** An answer that has been prepared: nothing of it has been read from the store yet. */
export interface Made {
  readonly filename: string;
  readonly mediaType: string;
  /** Bytes; undefined where only the end tells. */
  readonly length: number | undefined;
  /** Throws InvalidArgument where the data are not what their type says, as far as their beginning tells. */
  readonly body: () => Promise<ReadableStream<Uint8Array>>;
}
