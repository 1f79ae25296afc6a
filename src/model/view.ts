// The views that the service makes of data: their names, their URIs, and what other services call them.
import type { View } from './node.ts';

const OWN = 'ivo://vopipe/views#';
const CORE = 'ivo://ivoa.net/vospace/core#';
/** OpenCADC's package: a tar or a zip, as a parameter says. */
const PACKAGE = 'vos://cadc.nrc.ca~vospace/CADC/std/Pkg-1.0';
const PACKAGE_FORMAT = `${CORE}format`;

export const ARCHIVE_VIEWS = ['tar', 'zip'] as const;
export type ArchiveView = (typeof ARCHIVE_VIEWS)[number];
export type MadeView = ArchiveView;

export const MADE_VIEWS: readonly MadeView[] = [...ARCHIVE_VIEWS];

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
