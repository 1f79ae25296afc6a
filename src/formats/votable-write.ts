// Writes a VOTable with one table in TABLEDATA, whose types are guessed from all rows of a CSV.

/** VOTable 1.4 section 2.1: `char` is ASCII, `unicodeChar` holds the rest. */
export type Guess = 'long' | 'double' | 'boolean' | 'char' | 'unicodeChar';

/** Which types all values so far could be of. */
export class TypeGuess {
  #long = true;
  #double = true;
  #boolean = true;
  #ascii = true;
  #some = false;

  see(value: string): void {
    if (value === '') return;
    this.#some = true;
    this.#long &&= /^[+-]?\d{1,18}$/.test(value);
    this.#double &&= /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$|^NaN$|^[+-]?Inf$/.test(value);
    this.#boolean &&= /^(true|false)$/i.test(value);
    // oxlint-disable-next-line no-control-regex -- all of ASCII
    this.#ascii &&= /^[\u0000-\u007f]*$/.test(value);
  }

  get type(): Guess {
    if (!this.#some) return 'char';
    if (this.#long) return 'long';
    if (this.#double) return 'double';
    if (this.#boolean) return 'boolean';
    return this.#ascii ? 'char' : 'unicodeChar';
  }
}

export function openVotable(names: readonly string[], types: readonly Guess[]): string {
  const fields = names.map((name, i) => {
    const type = types[i] ?? 'char';
    const size = type === 'char' || type === 'unicodeChar' ? ' arraysize="*"' : '';
    return `<FIELD ID="col${i + 1}" name="${escape(name === '' ? `column${i + 1}` : name)}" datatype="${type}"${size}/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE><TABLE>
${fields.join('\n')}
<DATA><TABLEDATA>
`;
}

/** An empty cell has no value, whatever its type. */
export function formatRow(cells: readonly string[], width: number): string {
  return `<TR>${Array.from({ length: width }, (_, i) => `<TD>${escape(cells[i] ?? '')}</TD>`).join('')}</TR>\n`;
}

export function closeVotable(): string {
  return '</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>\n';
}

/** What XML cannot hold at all is left out. */
function escape(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is left out
  const clean = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return clean.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
