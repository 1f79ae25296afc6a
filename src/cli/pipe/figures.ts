// Figures of pipes as people read them.

/** `0.4 s`, `75 s`, `12 min`, `5 h`, `3 d`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** `12.5/s`; less than one in two seconds as `3.0/min`. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  return perSecond >= 0.5 ? `${perSecond.toFixed(perSecond < 100 ? 1 : 0)}/s` : `${(perSecond * 60).toFixed(1)}/min`;
}
