// What the thread that digests is asked, and what it answers.

export interface Asked {
  readonly id: number;
  /** Of an open file. */
  readonly fd: number;
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

export type Answer =
  | {
      readonly id: number;
      /** Hexadecimal; undefined where the file is shorter. */
      readonly md5: string | undefined;
    }
  | { readonly id: number; readonly error: { readonly message: string; readonly code?: string; readonly syscall?: string } };
