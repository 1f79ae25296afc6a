// What an examination has found, in a line each.

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly level: Level;
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** Told as they are found. */
export type Tell = (finding: Finding) => Promise<void>;
