// The documents of pipes as they come and go: in JSON, or in XML for who sends or asks for that.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import { boundedText } from '../model/bounded-text.ts';
import { parseJson } from '../model/json/value.ts';
import { MAX_DOCUMENT } from '../model/limits.ts';
import { formatPipeXml, parsePipeXml, readFromXml } from '../xml/pipe.ts';
import type { PipeDocumentName } from '../xml/pipe-shapes.ts';
import type { AppEnv } from './context.ts';
import { wantsXml } from './input.ts';

const HEADERS = { Vary: 'Accept, Authorization', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
const JSON_HEADERS = { ...HEADERS, 'Content-Type': 'application/json' };
/** Made once: to make an answer's headers out of names and values takes as long as all else that an answer costs. */
const USUAL_HEADERS = new Headers(JSON_HEADERS);

/**
 * The body as a document of this name, read by `read`; an empty one as an object without members. What begins like XML is XML, whatever its
 * Content-Type. Throws RequestEntityTooLarge, and InvalidArgument naming the path or the element.
 */
export async function readDocument<T>(
  c: Context<AppEnv>,
  name: PipeDocumentName,
  read: (value: unknown) => T,
  most = MAX_DOCUMENT,
): Promise<T> {
  const text = await boundedText(c.req.raw, most, {
    tooLong: () => new Fault('RequestEntityTooLarge', `this document has at most ${most} bytes`),
    notUtf8: () => new Fault('InvalidArgument', 'the document is not UTF-8'),
    brokenOff: () => new Fault('InvalidArgument', 'the document broke off'),
  });
  if (text.trim() === '') return read({});
  if (!/^\uFEFF?\s*</.test(text)) return read(parseJson(text, most));
  return readFromXml(name, parsePipeXml(name, text, { bytes: most }), read);
}

/** `value`: what JSON.stringify writes. */
export function answerDocument(
  c: Context<AppEnv>,
  name: PipeDocumentName,
  value: object,
  status = 200,
  headers?: Readonly<Record<string, string>>,
): Response {
  if (wantsXml(c)) return answerXml(name, value, status, headers);
  return answerJsonText(JSON.stringify(value), status, headers);
}

/** The same where the value is a text in JSON already. */
export function answerText(c: Context<AppEnv>, name: PipeDocumentName, json: string): Response {
  return wantsXml(c) ? answerXml(name, JSON.parse(json) as object, 200) : answerJsonText(json, 200);
}

function answerXml(name: PipeDocumentName, value: object, status: number, headers?: Readonly<Record<string, string>>): Response {
  return new Response(formatPipeXml(name, value), {
    status,
    headers: { ...HEADERS, ...headers, 'Content-Type': 'text/xml; charset=utf-8' },
  });
}

function answerJsonText(text: string, status: number, headers?: Readonly<Record<string, string>>): Response {
  return new Response(text, { status, headers: headers ? { ...headers, ...JSON_HEADERS } : USUAL_HEADERS });
}
