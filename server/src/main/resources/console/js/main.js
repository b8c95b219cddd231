// Starts the console: who is there, which page.
import { h, render, useEffect } from './dom.js';
import { findSession, useSession } from './session.js';
import { keepLive } from './live.js';
import { Frame } from './frame.js';
import { Login } from './pages/login.js';

function App() {
  const session = useSession();
  const inside = Boolean(session) && !session.mustChangePassword && !session.mustEnrol;
  useEffect(() => keepLive(inside), [inside]);
  if (session === undefined) return null;
  return inside ? h(Frame, { who: session }) : h(Login, { who: session });
}

render(h(App), document.getElementById('app'));
findSession();
