// How much of something has been sent. Its width is set by script: the page's policy allows no style in its markup.
import { percent } from './summary.ts';

export function Bar({ label, sent, size }: { readonly label: string; readonly sent: number; readonly size: number }) {
  const share = percent(sent, size);
  return (
    <span class="progress" role="progressbar" aria-label={label} aria-valuenow={Number.parseInt(share, 10)}>
      <span ref={(bar) => bar?.style.setProperty('width', share.replace(' ', ''))} />
    </span>
  );
}
