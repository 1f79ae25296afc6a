// What the object stores need of the service's one StoreKeys object: the master secret, the temp URL key epoch, the Swift token.

/** A Swift token. It opens the whole account: it is never given to a client and never logged. */
export interface StoreToken {
  readonly token: string;
  /** The account's URL, for example `http://127.0.0.1:8090/v1/AUTH_test`, without trailing slash. */
  readonly storageUrl: string;
  /** Epoch milliseconds. */
  readonly expires: number;
}

export interface StoreKeysPort {
  /** 64 hex digits (256 random bits), made at first use; the same for ever. */
  secret(): Promise<string>;
  /** The cached token, unless it is `stale` (the one that a store refused) or near its end. Throws ServiceBusy. */
  token(stale?: string): Promise<StoreToken>;
  /** The temp URL key epoch for containers that are prepared from here on; starts at 1. */
  epoch(): Promise<number>;
  /** Begins the next epoch, unless the one in force is no longer `from`; answers the one in force. Containers follow when `prepare` is called for them. */
  rotate(from?: number): Promise<number>;
}
