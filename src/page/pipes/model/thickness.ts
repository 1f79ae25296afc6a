// How thick the line of a pipe is.

/** How thick a line is for so many chunks a second: it grows with the logarithm, so that 1 and 1,000 can both be seen. */
export function thickness(rate: number): number {
  return rate <= 0 ? 1.5 : Math.min(10, 2 + Math.log10(1 + rate) * 2.4);
}
