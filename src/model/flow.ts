// How a stream of bytes is getting on: what a pump tells of it.

/** What has become of a pump. Whoever reads the other end sees a failure as well, but not whose it was. */
export interface Flow {
  /** Bytes that came. */
  readonly received: number;
  /** The source has ended. */
  readonly ended: boolean;
  /** The source failed. */
  readonly broken: boolean;
  /** Settles with the flow; never rejects. */
  readonly settled: Promise<boolean>;
}
