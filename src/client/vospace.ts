// One VOSpace as its users see it: its resources, and the two operations on bytes.
import type { NodeDocument } from '../model/node.ts';
import type { ServiceCapability } from '../model/service-capability.ts';
import { Downloads, type Download, type DownloadOptions } from './download.ts';
import type { Waiting } from './jobs.ts';
import type { Where } from './place.ts';
import { Resources } from './resources.ts';
import { search, type Query } from './search.ts';
import type { Asking } from './session.ts';
import type { Source } from './source.ts';
import type { Moved } from './transfers.ts';
import { Uploads, type Uploaded, type UploadOptions } from './upload.ts';

export class Vospace extends Resources {
  readonly #uploads = new Uploads(this);
  readonly #downloads = new Downloads(this);

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
