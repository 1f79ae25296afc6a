// What an answer carries, as a stream, also where it carries nothing.

export function streamOf(response: Response): ReadableStream<Uint8Array> {
  return response.body ?? new Blob([]).stream();
}
