// The message by which a pipe is changed.
import type { PipeAccess, PipeOptions } from '../../model/pipe.ts';
import type { Principal } from '../../model/principal.ts';

export interface PipeChanges {
  readonly options?: Partial<PipeOptions>;
  readonly access?: Partial<Omit<PipeAccess, 'owner'>>;
}

export interface PipeSettingsPort {
  /** For who may manage the pipe. Throws OptionNotSupported for what cannot be changed, by its name. */
  change(principal: Principal, changes: PipeChanges): Promise<void>;
}
