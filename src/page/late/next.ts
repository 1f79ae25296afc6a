// What comes right after the first screen, as one file: the toolbar, the tree, a second pane, menus, and the dialogs of the frame.
export { KeysHelp } from '../app/keys-help.tsx';
export { confirmSignOut } from '../app/sign-out.tsx';
export { SignIn } from '../app/sign-in.tsx';
export { SignedIn } from '../app/signed-in.tsx';
export { FoundRows, matching } from '../files/found.ts';
export { Instead } from '../files/instead.tsx';
export { PathBox } from '../files/path-box.tsx';
export { Toolbar } from '../files/toolbar.tsx';
export { FolderTree } from '../files/tree.tsx';
export { TreeDialog } from '../files/tree-dialog.tsx';
export { TwoPanes } from '../files/two-panes.tsx';
export { MenuAt } from '../kit/menu-at.tsx';
