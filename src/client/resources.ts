// What one VOSpace offers, without what moves bytes: each resource is a file of its own.
import { Jobs } from './jobs.ts';
import { Nodes } from './nodes.ts';
import type { Session } from './session.ts';
import { Shares } from './shares.ts';
import { Transfers } from './transfers.ts';
import { Trees } from './trees.ts';

/** Every method throws VospaceError, or the reason of its signal when the caller aborts. Safe to use for many calls at once. */
export class Resources {
  readonly nodes: Nodes;
  readonly jobs: Jobs;
  readonly transfers: Transfers;
  readonly trees: Trees;
  readonly shares: Shares;
  /** For resources that other files add. */
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
    this.nodes = new Nodes(session);
    this.jobs = new Jobs(session);
    this.transfers = new Transfers(session, this.jobs);
    this.trees = new Trees(session, this.nodes, this.jobs);
    this.shares = new Shares(session);
  }

  /** The service's base URL, without trailing slash. */
  get base(): string {
    return this.session.endpoints.base;
  }
}
