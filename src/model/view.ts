// The views that the service makes of data: their names, their URIs, and what other services call them.
import type { View } from './node.ts';

const OWN = 'ivo://vopipe/views#';
const CORE = 'ivo://ivoa.net/vospace/core#';
/** OpenCADC's package: a tar or a zip, as a parameter says. */
const PACKAGE = 'vos://cadc.nrc.ca~vospace/CADC/std/Pkg-1.0';
const PACKAGE_FORMAT = `${CORE}format`;

export const ARCHIVE_VIEWS = ['tar', 'zip'] as const;
export type ArchiveView = (typeof ARCHIVE_VIEWS)[number];
/** Of the bytes of one data node. */
export const DATA_VIEWS = ['csv', 'votable', 'fits-header'] as const;
export type DataView = (typeof DATA_VIEWS)[number];
export type MadeView = ArchiveView | DataView;

export const MADE_VIEWS: readonly MadeView[] = [...ARCHIVE_VIEWS, ...DATA_VIEWS];

/** What the bytes of a node are → the views that are made of them. */
const VIEWS_OF = { votable: ['csv'], csv: ['votable'], fits: ['fits-header'] } as const satisfies Record<string, readonly DataView[]>;
const MEDIA_TYPES: readonly (readonly [RegExp, keyof typeof VIEWS_OF])[] = [
  [/^application\/x-votable\+xml\b|^text\/xml *; *content=x-votable/i, 'votable'],
  [/^text\/csv\b/i, 'csv'],
  [/^(application|image)\/fits\b/i, 'fits'],
];
const NAMES: readonly (readonly [RegExp, keyof typeof VIEWS_OF])[] = [
  [/\.(vot|votable)$/i, 'votable'],
  [/\.csv$/i, 'csv'],
  [/\.(fits|fit|fts)$/i, 'fits'],
];

/** The views that are made of a node's bytes. By the media type; by the name only where that says nothing. */
export function dataViewsOf(mediaType: string | undefined, name: string): readonly DataView[] {
  const kind = kindOf(mediaType, name);
  return kind === undefined ? [] : VIEWS_OF[kind];
}

/** Whether the bytes are in the form that the view has: a VOTable as a VOTable. */
export function isOwnView(view: DataView, mediaType: string | undefined, name: string): boolean {
  return kindOf(mediaType, name) === view;
}

function kindOf(mediaType: string | undefined, name: string): keyof typeof VIEWS_OF | undefined {
  const says = mediaType !== undefined && !/^(application|binary)\/octet-stream\b/i.test(mediaType) && mediaType.trim() !== '';
  const [list, text] = says ? [MEDIA_TYPES, mediaType.trim()] : [NAMES, name];
  return list.find(([pattern]) => pattern.test(text))?.[1];
}

export function isArchive(view: MadeView): view is ArchiveView {
  return (ARCHIVE_VIEWS as readonly string[]).includes(view);
}

/** The standard registers no URIs for these. */
export function viewUri(view: MadeView): string {
  return OWN + view;
}

/**
 * The view that a short name (`tar`), our URI, the same name in the standard's namespace, or OpenCADC's package view stands for. Undefined
 * for any other.
 */
export function parseMadeView({ uri, params = [] }: View): MadeView | undefined {
  if (uri === PACKAGE) {
    const format = params.find((param) => param.uri === PACKAGE_FORMAT)?.value ?? 'application/x-tar';
    return ({ 'application/x-tar': 'tar', 'application/zip': 'zip' } as const)[format.trim().toLowerCase()];
  }
  const name = [OWN, CORE].reduce((rest, prefix) => (rest.startsWith(prefix) ? rest.slice(prefix.length) : rest), uri);
  return MADE_VIEWS.find((view) => view === name);
}
