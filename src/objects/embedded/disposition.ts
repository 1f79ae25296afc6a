// Content-Disposition as Swift's TempURL writes it.

export interface Naming {
  /** The unsigned `filename` parameter. */
  readonly filename: string | undefined;
  /** Whether the unsigned `inline` parameter is there. */
  readonly inline: boolean;
  /** What the uploader sent as Content-Disposition. */
  readonly stored: string | undefined;
  /** The object's key: its last segment is the default name. */
  readonly key: string;
}

export function contentDisposition({ filename, inline, stored, key }: Naming): string {
  if (inline) return filename ? format('inline', filename) : 'inline';
  if (filename) return format('attachment', filename);
  return stored ?? format('attachment', key.replace(/\/+$/, '').split('/').at(-1) ?? '');
}

/** RFC 6266: the name in quotes for old clients, and in RFC 8187 form. Both are escaped, so neither can end the header. */
function format(kind: 'inline' | 'attachment', name: string): string {
  const escaped = escape(name);
  return `${kind}; filename="${escaped.replaceAll('%20', ' ')}"; filename*=UTF-8''${escaped}`;
}

function escape(name: string): string {
  return encodeURIComponent(name.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
