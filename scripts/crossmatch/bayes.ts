// How much two positions speak for one object: the Bayes factor of T. Budavári and A. S. Szalay, "Probabilistic Cross-Identification of
// Astronomical Sources", ApJ 679, 301 (2008).
import { ARCSECOND } from './sphere.ts';

/** Which pairs are taken for matches. */
export interface Rule {
  /**
   * That a source of one catalogue and one of the other, picked at random, are the same object: N* / (N₁ N₂), with the numbers of sources on the
   * whole sky, and N* of objects that are in both (their section 2.5).
   */
  readonly prior: number;
  /** What the probability of a match has to reach. */
  readonly probability: number;
}

/** The greatest prior that there can be, taken while nothing is known: all of the smaller catalogue are in the larger one, N* = min(N₁, N₂). */
export function priorOf(count: number, other: number): number {
  return 1 / Math.max(count, other, 2);
}

/**
 * Their equation 16, of two positions with circular errors: B = 2/(σ₁² + σ₂²) · exp(−ψ²/2(σ₁² + σ₂²)), all in radians. It holds for errors that are
 * small against a radian.
 * @param distance ψ, radians
 * @param one σ₁ and `other` σ₂, arc seconds
 */
export function log10Bayes(distance: number, one: number, other: number): number {
  const variance = varianceOf(one, other);
  return Math.log10(2 / variance) - (Math.LOG10E * distance ** 2) / (2 * variance);
}

/** The posterior probability (their equation 8): P = 1 / (1 + (1 − P₀)/(B P₀)). */
export function probabilityOf(log10B: number, prior: number): number {
  return 1 / (1 + (1 - prior) / (10 ** log10B * prior));
}

/** The factor at which the probability is reached: B = P/(1 − P) · (1 − P₀)/P₀. */
export function leastLog10B({ prior, probability }: Rule): number {
  return Math.log10(probability / (1 - probability)) + Math.log10((1 - prior) / prior);
}

/** Arc seconds at which the factor has fallen to this, so that nothing beyond needs to be looked at; 0 where it is never reached. */
export function radiusOf(log10B: number, one: number, other: number): number {
  const variance = varianceOf(one, other);
  const excess = Math.log10(2 / variance) - log10B;
  return excess <= 0 ? 0 : Math.sqrt((2 * variance * excess) / Math.LOG10E) / ARCSECOND;
}

/** Radians squared. */
function varianceOf(one: number, other: number): number {
  return (one * ARCSECOND) ** 2 + (other * ARCSECOND) ** 2;
}
