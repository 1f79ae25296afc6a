// What is in a file, as far as it can be shown without running anything of it.
import { nameOf } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { Late } from '../kit/late.tsx';
import { Nothing } from '../kit/states.tsx';
import { hasBytes, valueIn } from '../../model/node.ts';
import { TYPE } from '../../model/property.ts';
import { ImageView, PdfView } from './frame-views.tsx';
import { kindOf, type PreviewKind } from './kinds.ts';
import { lengthOf } from './bytes.ts';
import { JsonView, TextView } from './text-view.tsx';
import type { ViewComponent } from './view.ts';
import './preview.css';

const VIEWS: Readonly<Record<PreviewKind, () => Promise<ViewComponent>>> = {
  fits: async () => (await import('../late/formats.ts')).FitsView,
  votable: async () => (await import('../late/formats.ts')).VotableView,
  csv: async () => (await import('../late/formats.ts')).CsvView,
  json: () => Promise.resolve(JsonView),
  text: () => Promise.resolve(TextView),
  unknown: () => Promise.resolve(TextView),
  image: () => Promise.resolve(ImageView),
  pdf: () => Promise.resolve(PdfView),
};

export function Preview({ target }: { readonly target: Target }) {
  const { node, place } = target;
  if (!hasBytes(node.type)) return <Nothing title="Nothing to preview" text="It has no bytes of its own." />;
  if (node.busy) return <Nothing icon="upload" title="Pending" text="Its bytes are on their way." />;
  if (lengthOf(node) === 0) return <Nothing title="This file is empty" />;
  const kind = kindOf(nameOf(place), valueIn(node, TYPE));
  return <Late key={`${place.authority}${place.path}${kind}`} what="preview" load={VIEWS[kind]} with={{ target }} />;
}
