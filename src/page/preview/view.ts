// What every way of showing a file is given.
import type { ComponentType } from 'preact';
import type { Target } from '../app/target.ts';

export interface ViewProps {
  readonly target: Target;
}

export type ViewComponent = ComponentType<ViewProps>;
