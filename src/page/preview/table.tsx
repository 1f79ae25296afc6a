// Rows of a table file on the page: its columns with unit and meaning, and as many rows as are useful to look at.
import { plural } from '../kit/format.ts';
import { hasNumbers, type TableData } from './table-data.ts';

export function Table({ columns, rows, description, more }: TableData) {
  const styles = columns.map((_, column) => (hasNumbers(rows, column) ? 'number' : undefined));
  return (
    <figure class="preview">
      <figcaption class="soft">
        {description && <p>{description}</p>}
        {more && 'The first '}
        {plural(rows.length, 'row')}, {plural(columns.length, 'column')}
      </figcaption>
      <div class="preview-table" tabIndex={0} role="region" aria-label="Rows">
        <table class="plain-table">
          <thead>
            <tr>
              {columns.map(({ name, unit, ucd, datatype }, i) => (
                <th key={i} scope="col" class={styles[i]} title={datatype}>
                  <span>{name}</span>
                  {unit && <small>[{unit}]</small>}
                  {ucd && <small>{ucd}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {columns.map((_, column) => (
                  <td key={column} class={styles[column]}>
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
