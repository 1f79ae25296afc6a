// A source of a catalogue as the crossmatch sees it: a name, a position, and how well that is known.

export interface Position {
  /** Degrees, ICRS: 0 ≤ ra < 360, -90 ≤ dec ≤ 90. */
  readonly ra: number;
  readonly dec: number;
}

export interface Source extends Position {
  readonly id: string;
  /** Standard deviation of the position along each axis, arc seconds. */
  readonly error: number;
  readonly mag: number | undefined;
}

/** A source of one catalogue and one of another that are taken for the same object. */
export interface Match {
  readonly a: Named;
  readonly b: Named;
  /** Arc seconds. */
  readonly separation: number;
  /** Of the Bayes factor. */
  readonly log10B: number;
  /** That they are the same object, given the prior. */
  readonly probability: number;
}

export type Named = Position & Pick<Source, 'id'>;
