// As what a file's bytes are shown: by its media type where that says something, else by its name. Nothing is run, whatever it is.

export type PreviewKind = 'fits' | 'votable' | 'csv' | 'json' | 'image' | 'pdf' | 'text' | 'unknown';

const BY_TYPE: readonly (readonly [RegExp, PreviewKind])[] = [
  [/^(application|image)\/(x-)?fits\b/, 'fits'],
  [/^(application|text)\/x-votable\+xml\b/, 'votable'],
  [/^text\/(csv|comma-separated-values)\b/, 'csv'],
  [/^application\/(json|[\w.-]+\+json)\b/, 'json'],
  [/^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)\b/, 'image'],
  [/^application\/pdf\b/, 'pdf'],
  [/^text\/|^application\/(xml|[\w.-]+\+xml|javascript|x-sh|yaml|toml)\b/, 'text'],
];
const BY_NAME: readonly (readonly [RegExp, PreviewKind])[] = [
  [/\.(fits|fit|fts)$/i, 'fits'],
  [/\.(vot|votable)(\.xml)?$/i, 'votable'],
  [/\.csv$/i, 'csv'],
  [/\.(json|geojson|ipynb)$/i, 'json'],
  [/\.(png|jpe?g|gif|webp|avif|bmp|svg)$/i, 'image'],
  [/\.pdf$/i, 'pdf'],
  [/\.(txt|md|log|xml|html?|css|js|mjs|ts|tsx|py|r|c|h|cpp|java|sh|ya?ml|toml|ini|cfg|tex|bib|sql|dat|tsv|reg)$/i, 'text'],
];

export function kindOf(name: string, type: string | undefined): PreviewKind {
  const said = type?.trim().toLowerCase();
  const byType = said === undefined ? undefined : BY_TYPE.find(([pattern]) => pattern.test(said))?.[1];
  const byName = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  // A VOTable or a CSV is often called plain text or XML.
  if (byType === undefined || (byType === 'text' && byName !== undefined)) return byName ?? byType ?? 'unknown';
  return byType;
}
