/** Starts the page. */
import { render } from 'preact';
import { App } from './ui/App';
import './styles/base.css';
import './styles/controls.css';
import './styles/session.css';

render(<App />, document.getElementById('app')!);
