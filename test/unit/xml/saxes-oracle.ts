// The tree of a document as saxes reads it: the oracle that readXml is compared with.
import { SaxesParser } from 'saxes';

export interface Tree {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly string[];
  readonly text: string;
  readonly children: readonly Tree[];
}

interface Growing {
  name: string;
  namespace: string;
  attributes: string[];
  text: string;
  children: Growing[];
}

/** The root, or what saxes says against the document. */
export function readWithSaxes(xml: string): { readonly root: Tree } | { readonly refused: string } {
  const parser = new SaxesParser({ xmlns: true });
  const open: Growing[] = [];
  let root: Growing | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes).filter((attribute) => attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns');
    const element: Growing = {
      name: tag.local,
      namespace: tag.uri,
      attributes: attributes.map((a) => describe(a.uri, a.local, a.value)).sort(),
      text: '',
      children: [],
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const append = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  try {
    parser.write(xml).close();
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
  return root ? { root } : { refused: 'no root' };
}

export function describe(namespace: string, name: string, value: string): string {
  return JSON.stringify([namespace, name, value]);
}
