// Whether a name is what a pattern says, whatever its tokens are.

/**
 * In time proportional to the lengths of both, whatever the pattern.
 *
 * @param any the token that stands for any characters, also for none; two of them do not follow each other
 * @param fits whether another token stands for this character
 */
export function matchTokens<T>(
  tokens: readonly T[],
  any: T,
  characters: readonly string[],
  fits: (token: T, character: string) => boolean,
): boolean {
  let [at, next] = [0, 0];
  let retry: { readonly next: number; at: number } | undefined;
  while (at < characters.length) {
    const token = tokens[next];
    if (token === any) retry = { next: ++next, at };
    else if (token !== undefined && fits(token, characters[at] ?? '')) {
      at++;
      next++;
    } else if (retry) {
      at = ++retry.at;
      ({ next } = retry);
    } else return false;
  }
  return next === tokens.length || (next === tokens.length - 1 && tokens[next] === any);
}
