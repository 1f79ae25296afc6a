// The answers of the embedded store's entry: Swift's texts and headers, and what keeps user bytes harmless in a browser.

/** Besides what Swift sends: bytes of users are never a page of this origin. */
const HARMLESS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "sandbox; default-src 'none'",
};

/** Swift's reason phrases and texts, by status. */
const TEXTS: Readonly<Record<number, readonly [string, string]>> = {
  401: ['Unauthorized', 'This server could not verify that you are authorized to access the document you requested.'],
  404: ['Not Found', 'The resource could not be found.'],
  409: ['Conflict', 'There was a conflict when trying to complete your request.'],
  412: ['Precondition Failed', 'A precondition for this request was not met.'],
  413: ['Request Entity Too Large', 'The body of your request was too large for this server.'],
  416: ['Requested Range Not Satisfiable', 'The Range requested is not available.'],
  422: ['Unprocessable Entity', 'Unable to process the contained instructions'],
  499: ['Client Disconnect', 'The client was disconnected during request.'],
  503: ['Service Unavailable', 'The server is currently unavailable. Please try again at a later time.'],
};

const HTML = 'text/html; charset=UTF-8';

export interface AnswerInit {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ReadableStream<Uint8Array> | string | null;
}

export function answer({ status, headers, body = null }: AnswerInit): Response {
  const id = `tx${crypto.randomUUID().replaceAll('-', '')}`;
  return new Response(body, {
    status,
    headers: { ...headers, ...HARMLESS, 'X-Trans-Id': id, 'X-Openstack-Request-Id': id },
    // A stored Content-Encoding describes the stored bytes: they go out as they are.
    encodeBody: 'manual',
  });
}

/** Swift's page for a status; HEAD gets none. */
export function page(status: number, method: string, headers: Readonly<Record<string, string>> = {}): Response {
  const [title, text] = TEXTS[status] ?? ['Error', 'The server has either erred or is incapable of performing the requested operation.'];
  const body = method === 'HEAD' ? null : `<html><h1>${title}</h1><p>${text}</p></html>`;
  return answer({ status, body, headers: { 'Content-Type': HTML, ...headers } });
}

export function plainText(status: number, body: string, type = 'text/plain'): Response {
  return answer({ status, body, headers: { 'Content-Type': type } });
}

/** The one answer to any temp URL that is not right, whatever is wrong with it. */
export function invalidTempUrl(method: string): Response {
  const headers = { 'Content-Type': HTML, 'Www-Authenticate': 'Swift realm="unknown"' };
  return answer({ status: 401, headers, body: method === 'HEAD' ? null : '401 Unauthorized: Temp URL invalid\n' });
}

/** Epoch milliseconds to the whole second not before it, as Swift has it in Last-Modified. */
export function httpDate(time: number): string {
  return new Date(Math.ceil(time / 1000) * 1000).toUTCString();
}
