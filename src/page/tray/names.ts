// Names for files that are to be kept beside others of the same name.

/** `stars.csv` → `stars (2).csv`; what follows the first of two known endings stays whole: `cube.fits.gz` → `cube (2).fits.gz`. */
export function nameBeside(name: string, number: number): string {
  const [, stem = name, ending = ''] = /^(.+?)((?:\.tar|\.fits|\.csv|\.vot|\.xml|\.json)?\.[^.\s/]{1,8})$/i.exec(name) ?? [];
  const [, before = stem] = /^(.*) \(\d+\)$/.exec(stem) ?? [];
  return `${before} (${number})${ending}`;
}
