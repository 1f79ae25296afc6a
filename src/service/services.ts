// What the use cases work with: the configuration and the ports, put together once per isolate in worker.ts.
import type { DirectoryPort } from '../auth/directory-port.ts';
import type { Config } from '../config.ts';
import type { StoreKeysPort } from '../objects/keys.ts';
import type { ForeignObjects } from '../objects/foreign-port.ts';
import type { Objects } from '../objects/port.ts';
import type { JobsPort } from '../durable/job-queue/port.ts';
import type { PipePort } from '../durable/pipe/port.ts';
import type { PipeId } from '../model/pipe.ts';
import type { Cursors } from './cursors.ts';
import type { JobId } from '../model/job.ts';
import type { Glances } from './pipes/glances.ts';
import type { Told, Wait } from '../model/pipe-waiting.ts';
import type { Places } from './places.ts';
import type { Outside } from './carry/outside.ts';
import type { Spaces } from './spaces.ts';
import type { Tickets } from './tickets.ts';

/** What a Worker hears when it dials a pipe. */
export type Dialled =
  | { readonly kind: 'told'; readonly told: Told }
  /** Not yet accepted. `state`: where the reader stands. */
  | { readonly kind: 'waits'; readonly socket: WebSocket; readonly state: string };

export interface Services {
  readonly config: Config;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly objects: Objects;
  /** Containers of the store that the service did not make; undefined where there are none. */
  readonly foreign: ForeignObjects | undefined;
  readonly keys: StoreKeysPort;
  readonly directory: DirectoryPort;
  readonly spaces: Spaces;
  /** By the queue's name: see `queueOf`. */
  readonly jobs: (queue: string) => JobsPort;
  readonly pipes: (id: PipeId) => PipePort;
  readonly glances: Glances;
  /** A socket, not yet accepted, that tells the phases of a job, or everything that an owner's live stream tells. Throws ServiceBusy. */
  readonly watch: (queue: string, job: JobId | undefined) => Promise<WebSocket>;
  /** Throws what the runtime throws where the object ends meanwhile. */
  readonly dialPipe: (id: PipeId, wait: Wait) => Promise<Dialled>;
  /** Of requests that wait. */
  readonly places: Places;
  readonly tickets: Tickets;
  /** The way out, for a service whose own base URL is this. */
  readonly outside: (base: string) => Outside;
  readonly cursors: Cursors;
  /** Lets work go on after the answer has been sent. */
  readonly later: (work: Promise<unknown>) => void;
}
