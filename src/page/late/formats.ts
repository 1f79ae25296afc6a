// What reads FITS files and tables, as one file: loaded when one of them is shown.
export { FitsView } from '../preview/fits-view.tsx';
export { CsvView, VotableView } from '../preview/table-view.tsx';
