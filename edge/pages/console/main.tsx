import { render } from 'preact';
import { Console } from './frame.tsx';

render(<Console />, document.getElementById('console')!);
