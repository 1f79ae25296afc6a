// The media type of a file, guessed by its name as people who name files mean it.

const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  bz2: 'application/x-bzip2',
  c: 'text/x-c',
  cfg: 'text/plain',
  css: 'text/css',
  csv: 'text/csv',
  dat: 'application/octet-stream',
  fit: 'application/fits',
  fits: 'application/fits',
  fts: 'application/fits',
  fz: 'application/fits',
  gif: 'image/gif',
  gz: 'application/gzip',
  h5: 'application/x-hdf5',
  hdf5: 'application/x-hdf5',
  htm: 'text/html',
  html: 'text/html',
  ini: 'text/plain',
  ipynb: 'application/x-ipynb+json',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  jsonl: 'application/jsonl',
  log: 'text/plain',
  md: 'text/markdown',
  mjs: 'text/javascript',
  mp4: 'video/mp4',
  parquet: 'application/vnd.apache.parquet',
  pdf: 'application/pdf',
  png: 'image/png',
  ps: 'application/postscript',
  py: 'text/x-python',
  reg: 'text/plain',
  sh: 'application/x-sh',
  sql: 'application/sql',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tex: 'application/x-tex',
  tgz: 'application/gzip',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  toml: 'application/toml',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  vot: 'application/x-votable+xml',
  votable: 'application/x-votable+xml',
  webp: 'image/webp',
  xml: 'application/xml',
  xz: 'application/x-xz',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
  zst: 'application/zstd',
};

const UNKNOWN = 'application/octet-stream';

/** By the letters behind the last dot; `application/octet-stream` where they say nothing. */
export function mediaTypeOf(name: string): string {
  const [, ending = ''] = /\.([A-Za-z0-9]{1,8})$/.exec(name) ?? [];
  const known = ending.toLowerCase();
  return (Object.hasOwn(TYPES, known) ? TYPES[known] : undefined) ?? UNKNOWN;
}

/** By the first of these names that says something. */
export function mediaTypeBy(...names: readonly string[]): string {
  return names.map(mediaTypeOf).find((type) => type !== UNKNOWN) ?? UNKNOWN;
}
