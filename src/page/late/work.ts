// What is loaded as one file when the first of it is wanted: all that is done with files, and the screens beside them.
export { openDialog } from '../actions/dialogs.tsx';
export { download } from '../actions/download.ts';
export { send } from '../actions/send.ts';
export { ItemPanel } from '../item/panel.tsx';
export { JobsScreen } from '../jobs/jobs.tsx';
export { Search } from '../search/search.tsx';
export { ServiceScreen } from '../service/service.tsx';
export { add, choose, lookElsewhere } from '../tray/add.ts';
export { Panel as Tray } from '../tray/panel.tsx';
