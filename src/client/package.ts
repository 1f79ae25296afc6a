// What `vopipe/client` exports.
export { connect, connectTo, type ConnectOptions, type Registry } from './connect.ts';
export { VospaceError, type ClientFault } from './error.ts';
export { json } from './json.ts';
export { Md5 } from '../model/md5.ts';
export type { Codec, NodeAnswer } from './codec.ts';
export type { Credentials } from './credentials.ts';
export type { Download, DownloadOptions } from './download.ts';
export type { JobFilter, Waiting } from './jobs.ts';
export type { Getting, Listing, NewNode, Properties } from './nodes.ts';
export type { Where } from './place.ts';
export type { RetryPolicy } from './retry.ts';
export type { Progress, Source } from './source.ts';
export type { Endpoint, Moved, Negotiated } from './transfers.ts';
export type { Uploaded, UploadOptions } from './upload.ts';
export type { Vospace } from './vospace.ts';
export type { JobDocument, JobReference, Phase } from '../model/job.ts';
export type { NodeDocument, NodeType, Property } from '../model/node.ts';
export type { Transfer } from '../model/transfer.ts';
