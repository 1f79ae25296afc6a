// What a service says it offers, and where: a VOSI capability, free of XML and JSON.

export interface CapabilityInterface {
  readonly url: string;
  /** `base`: clients append a path (nodes, transfers); `full`: the URL is complete. Default `full`. */
  readonly use?: 'base' | 'full';
  /** The standardIDs of the ways to authenticate; undefined among them = anonymous access. */
  readonly securityMethods: readonly (string | undefined)[];
  readonly version?: string;
}

export interface ServiceCapability {
  readonly standardID: string;
  readonly interfaces: readonly CapabilityInterface[];
}
