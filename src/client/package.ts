// What `vopipe/client` exports.
export { connect, connectTo, type Registry } from './connect.ts';
export { carry, type Carrying, type Spot } from './carry.ts';
export { VospaceError, type ClientFault } from './error.ts';
export { json } from './json.ts';
export { auditOf, type AuditLine } from './audit.ts';
export { availability, type Availability } from './availability.ts';
export { groups, type Group } from './groups.ts';
export { me, type Me } from './me.ts';
export { propertyNames, type PropertyNames } from './offers.ts';
export type { ConnectOptions } from './open-session.ts';
export { Md5 } from '../model/md5.ts';
export type { Codec, NodeAnswer } from './codec.ts';
export type { Credentials } from './credentials.ts';
export type { Download, DownloadOptions } from './download.ts';
export type { JobFilter, Waiting } from './jobs.ts';
export type { Getting, Listing, NewNode, Properties } from './nodes.ts';
export type { Where } from './place.ts';
export type { Query } from './search.ts';
export type { Share } from '../model/json/share.ts';
export type { RetryPolicy } from './retry.ts';
export type { Slices } from './part-sender.ts';
export type { Digest, Runtime } from './runtime.ts';
export type { Progress, Source } from './source.ts';
export type { Endpoint, Moved, Negotiated } from './transfers.ts';
export type { TreeOutcome } from './trees.ts';
export type { Uploaded, UploadOptions } from './upload.ts';
export {
  abandonUpload,
  findMany,
  openUploads,
  uploadLarge,
  uploadMany,
  type FileToSend,
  type Found,
  type LargeOptions,
  type Sent,
} from './uploads.ts';
export type { Vospace } from './vospace.ts';
export type { JobDocument, JobReference, Phase } from '../model/job.ts';
export type { NodeDocument, NodeType, Property } from '../model/node.ts';
export type { Transfer } from '../model/transfer.ts';
