// Writes docs/vopipe.xsd, the XML Schema of the documents of pipes, from the tables by which the service reads and writes them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOCUMENTS, type Shape } from '../src/xml/pipe-shapes.ts';

export const SCHEMA = fileURLToPath(new URL('../docs/vopipe.xsd', import.meta.url));

const TYPES = { text: 'xs:string', bytes: 'xs:base64Binary', number: 'xs:decimal', boolean: 'xs:boolean' } as const;

/** Every element may be absent: which are needed is said in docs/pipes.md. */
export function pipeSchema(): string {
  const roots = Object.entries(DOCUMENTS).map(([name, shape]) => elementOf(name, shape, '', '  '));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- The documents of pipes: see pipes.md. Made by scripts/pipe-schema.ts. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:vopipe:1" elementFormDefault="qualified">
${roots.join('')}</xs:schema>
`;
}

function elementOf(name: string, shape: Shape, occurs: string, indent: string): string {
  if (typeof shape === 'string') return `${indent}<xs:element name="${name}" type="${TYPES[shape]}"${occurs}/>\n`;
  const inner = `${indent}    `;
  const content =
    'members' in shape
      ? `${indent}  <xs:all>\n${Object.entries(shape.members)
          .map(([member, of]) => elementOf(member, of, ' minOccurs="0"', inner))
          .join('')}${indent}  </xs:all>\n`
      : `${indent}  <xs:sequence>\n${elementOf(shape.item, shape.of, ' minOccurs="0" maxOccurs="unbounded"', inner)}${indent}  </xs:sequence>\n`;
  return `${indent}<xs:element name="${name}"${occurs}>\n${indent} <xs:complexType>\n${content}${indent} </xs:complexType>\n${indent}</xs:element>\n`;
}

if (process.argv[1] !== undefined && join(process.argv[1]) === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA, pipeSchema());
