// Files that would like to be run: opened one after the other, in the table and in previews, without any script of theirs running.
import { expect, test } from 'vitest';
import { makeUser, openAs, useBrowser, type User } from './support/browser.ts';

useBrowser();

const MARK = 'window.hostile = true; document.title = "hostile"';
const SCRIPT = `<script>${MARK}</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" onload='${MARK}'>${SCRIPT}<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc='${SCRIPT}'/></foreignObject></svg>`;
const PDF = `%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\ntrailer<</Root 1 0 R>>\n${SCRIPT}`;

/** Name, media type, content. */
const FILES: readonly (readonly [string, string, string])[] = [
  ['page.html', 'text/html', `<html><body onload='${MARK}'>${SCRIPT}</body></html>`],
  ['page.xhtml', 'application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><script>${MARK}</script></html>`],
  ['image.svg', 'image/svg+xml', SVG],
  ['image.svg.png', 'image/svg+xml', SVG],
  ['html.png', 'text/html', `<html>${SCRIPT}</html>`],
  ['png.html', 'image/png', `\u0089PNG\r\n\u001a\n${SCRIPT}`],
  ['gifar.gif', 'image/gif', `GIF89a/*${SCRIPT}*/=1;${MARK}`],
  ['script.js', 'text/javascript', MARK],
  ['data.json', 'application/json', JSON.stringify({ __proto__: { polluted: true }, html: SCRIPT })],
  ['rows.csv', 'text/csv', `=cmd|' /C calc'!A0,${SCRIPT}\n"<img src=x onerror='${MARK}'>",1\n`],
  [
    'table.vot',
    'application/x-votable+xml',
    `<VOTABLE><RESOURCE><TABLE name="&lt;script&gt;"><FIELD name="&lt;img src=x onerror=1&gt;" datatype="char" arraysize="*" ucd="&lt;b&gt;"/><DATA><TABLEDATA><TR><TD>&lt;script&gt;${MARK}&lt;/script&gt;</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`,
  ],
  ['entities.vot', 'text/xml', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><VOTABLE>&b;</VOTABLE>'],
  ['paper.pdf', 'application/pdf', PDF],
  ['html.pdf', 'text/html', `%PDF-1.4 ${SCRIPT}`],
  [
    'image.fits',
    'application/fits',
    `${'SIMPLE  =                    T'.padEnd(80)}${"OBJECT  = '<script>1</script>'".padEnd(80)}${'END'.padEnd(80)}`.padEnd(2880),
  ],
  ['cut.fits', 'application/fits', 'SIMPLE  =                    T'],
  [`<img src=x onerror='${MARK}'>.txt`, 'text/plain', 'the name is the attack'],
  [`'"><script>${MARK.slice(0, 20)}<∕script>.txt`, 'text/plain', 'the name is the attack'],
  ['%3Cscript%3E%2e%2e.txt', 'text/plain', 'percent signs stay as they are'],
  ['\u202Egnp.exe.txt', 'text/plain', 'right to left'],
  ['unknown', "text/html;charset='><script>", SCRIPT],
  ['mail.eml', 'message/rfc822', `Content-Type: text/html\r\n\r\n${SCRIPT}`],
];

async function store({ client, home }: User, name: string, type: string, content: string): Promise<void> {
  const path = `${home}/${name}`.split('/').map(encodeURIComponent).join('/');
  const stored = await client.send('PUT', `/files${path}`, { headers: { 'content-type': type }, body: Buffer.from(content) });
  expect(stored.status, `${name}: ${stored.text}`).toBe(201);
}

test(`${FILES.length} hostile files are looked at, and nothing of them runs`, async () => {
  const user = await makeUser();
  for (const [name, type, content] of FILES) await store(user, name, type, content);
  const { page, complaints } = await openAs(user, `/ui/files${user.home}`);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const opened: string[] = [];
  page.context().on('page', (other) => opened.push(other.url()));
  for (const [name] of FILES) {
    await page.evaluate(
      (to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      },
      `/ui/files${user.home}?panel=preview&select=${encodeURIComponent(name)}`,
    );
    const panel = page.getByRole('dialog', { name: 'Item' });
    await panel
      .getByRole('heading', { name: name.trim().replace('\u202E', '\uFFFD'), exact: true })
      .first()
      .waitFor();
    // Something is shown: the content, a frame or image of the store's, or why there is nothing.
    await panel.locator('.preview, .preview-image, .preview-pdf, .state h2, .failure').first().waitFor();
    const frames = await page.locator('iframe').evaluateAll((all) => all.map((frame) => (frame as HTMLIFrameElement).src));
    expect(
      frames.map((src) => new URL(src).origin),
      name,
    ).not.toContain(new URL(page.url()).origin);
    expect(
      await page.evaluate(() => [(globalThis as { hostile?: true }).hostile, document.title, ({} as { polluted?: true }).polluted]),
    ).toEqual([undefined, `${user.user} · VOPipe`, undefined]);
  }
  expect(dialogs).toEqual([]);
  expect(opened).toEqual([]);
  // What a frame of the store's origin complains of is not the page's.
  expect(complaints.filter((complaint) => !complaint.includes('127.0.0.1'))).toEqual([]);
  complaints.length = 0;
});
