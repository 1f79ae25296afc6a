// Names of which there may be many: the first of them, one a line.

const MOST = 20;

export function Names({ label, names }: { readonly label: string; readonly names: readonly string[] }) {
  return (
    <ul class="names" tabIndex={0} aria-label={label}>
      {names.slice(0, MOST).map((name, at) => (
        <li key={at} class="cut">
          {name}
        </li>
      ))}
      {names.length > MOST && <li class="soft">and {names.length - MOST} more</li>}
    </ul>
  );
}
