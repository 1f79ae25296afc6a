// `vopipe flow graph`: a picture of a flow.
import { define } from '../command.ts';
import { drawingOf, toDot, toMermaid } from '../flow/drawing.ts';
import { findFlow, readFlow, siteOf } from '../flow/site.ts';
import { toSvg } from '../flow/svg.ts';
import { FLOW_HELP } from './flow-up.ts';

const FORMATS = { svg: toSvg, dot: toDot, mermaid: toMermaid } as const;

export const command = define({
  usage: ['[FILE]'],
  takes: [0, 1],
  details: `Containers are boxes, pipes arrows with how many of their chunks are visible and written, stages what lies between.

${FLOW_HELP}`,
  options: {
    format: { type: 'string', oneOf: ['svg', 'dot', 'mermaid'], help: 'default svg' },
    offline: { type: 'boolean', help: 'only what the file says: no service is asked' },
  },
  examples: [
    ['vopipe flow graph > flow.svg', 'a picture of how it stands'],
    ['vopipe flow graph --offline --format mermaid', 'for a page in Markdown'],
  ],
  async run({ terminal, spaces, signal, json }, { args, options }) {
    const flow = readFlow(args[0] ?? 'flow.yaml');
    const found = options.offline ? undefined : await findFlow(await siteOf(flow, spaces, signal), signal);
    const standing = Array.from(found?.pipes ?? [], ([name, { pipe }]) => (pipe ? [[name, pipe] as const] : [])).flat();
    const format = (options.format ?? 'svg') as keyof typeof FORMATS;
    const drawing = drawingOf(flow, new Map(standing));
    const picture = FORMATS[format](drawing);
    await (json ? terminal.json({ ...drawing, [format]: picture }) : terminal.out(picture));
  },
});
