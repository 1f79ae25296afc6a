// What a way out of the service offers to those who carry bytes: guarded-fetch.ts makes it.

export interface OutgoingBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Bytes. */
  readonly length: number;
}

export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Opened anew for each host that a redirect leads to. */
  readonly body?: () => Promise<OutgoingBody>;
  /** Told about once a second how many bytes have been sent. */
  readonly told?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly response: Response;
  /** Who answered in the end, for messages. */
  readonly host: string;
  /** Breaks the answer off, also while its body is being read. */
  readonly stop: (reason: unknown) => void;
}

export interface Outside {
  /**
   * The answer, whatever its status but a redirect: of those at most three are followed, without the credentials of the first host.
   * Throws Fault TransferFailed for an address that is not allowed, ServiceBusy when no answer came; both name the host and no more.
   */
  open(request: OutgoingRequest): Promise<Incoming>;
  /** One request as the client library makes them: it follows redirects itself, through here. */
  readonly fetch: typeof fetch;
}
