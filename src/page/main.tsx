// Where the page begins: its styles, before those of the screens, which may say otherwise; and the shell around every screen.
import './style/tokens.css';
import './style/base.css';
import './style/kit.css';
import './style/shell.css';
import { render } from 'preact';
import { startRouter } from './app/router.ts';
import { Shell } from './app/shell.tsx';
import { applyTheme } from './app/theme.ts';
import { showMarks } from './kit/seen-marks.ts';

showMarks();
applyTheme();
startRouter();
const place = document.getElementById('page');
if (place) render(<Shell />, place);
