// One VOSpace as its users see it: its resources, and the two operations on bytes. Each resource is a file of its own.
import type { NodeDocument } from '../model/node.ts';
import type { ServiceCapability } from '../model/service-capability.ts';
import { Downloads, type Download, type DownloadOptions } from './download.ts';
import { Jobs, type Waiting } from './jobs.ts';
import { Nodes } from './nodes.ts';
import type { Where } from './place.ts';
import { search, type Query } from './search.ts';
import type { Asking, Session } from './session.ts';
import { Shares } from './shares.ts';
import type { Source } from './source.ts';
import { Transfers, type Moved } from './transfers.ts';
import { Trees } from './trees.ts';
import { Uploads, type Uploaded, type UploadOptions } from './upload.ts';

/** Every method throws VospaceError, or the reason of its signal when the caller aborts. Safe to use for many calls at once. */
export class Vospace {
  readonly nodes: Nodes;
  readonly jobs: Jobs;
  readonly transfers: Transfers;
  readonly trees: Trees;
  readonly shares: Shares;
  /** For resources that other files add. */
  readonly session: Session;
  readonly #uploads: Uploads;
  readonly #downloads: Downloads;

  constructor(session: Session) {
    this.session = session;
    this.nodes = new Nodes(session);
    this.jobs = new Jobs(session);
    this.transfers = new Transfers(session, this.jobs);
    this.trees = new Trees(session, this.nodes, this.jobs);
    this.shares = new Shares(session);
    this.#uploads = new Uploads(session, this.nodes, this.jobs, this.transfers);
    this.#downloads = new Downloads(session, this.nodes, this.transfers);
  }

  /** The service's base URL, without trailing slash. */
  get base(): string {
    return this.session.endpoints.base;
  }

  capabilities({ signal }: Asking = {}): Promise<readonly ServiceCapability[]> {
    return this.session.endpoints.capabilities(signal);
  }

  /** Such as `example.org~vospace`: what the service's own URIs begin with. */
  authority(asking: Asking = {}): Promise<string> {
    return this.session.authority(asking);
  }

  /** Sends bytes into a node, which is made if need be. Resolves when the node has them, compared by MD5 where the node has one. */
  upload(where: Where, source: Source, options: UploadOptions = {}): Promise<Uploaded> {
    return this.#uploads.upload(where, source, options);
  }

  /** The bytes of a node as a stream, which goes on after a broken connection and is compared with the node at its end. */
  download(where: Where, options: DownloadOptions = {}): Promise<Download> {
    return this.#downloads.download(where, options);
  }

  /** Every node below a container that the query finds. Only this project's service searches. */
  search(below: Where, query: Query = {}): AsyncGenerator<NodeDocument, void, undefined> {
    return search(this.session, below, query);
  }

  move(from: Where, to: Where, waiting: Waiting = {}): Promise<Moved> {
    return this.transfers.move(from, to, waiting);
  }

  copy(from: Where, to: Where, waiting: Waiting = {}): Promise<Moved> {
    return this.transfers.copy(from, to, waiting);
  }
}
