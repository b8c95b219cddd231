// Starts the console: who is there, which frame. Logging in and consumers' own pages are fetched when they are needed.
import { h, render, useEffect, useState } from './dom.js';
import { findSession, may, useSession } from './session.js';
import { keepLive } from './live.js';
import { Frame } from './frame.js';
import { Failure } from './parts.js';

/** A view whose code comes when it is first shown. */
const lazily = (load) => function Lazy(props) {
  const [view, set] = useState();
  const fetchIt = () => load().then((module) => set({ is: module.default }), (error) => set({ error }));
  useEffect(() => { fetchIt(); }, []);
  if (view?.error) return h('main.page', h(Failure, { error: view.error, what: 'The page could not be fetched', onRetry: fetchIt }));
  return view ? h(view.is, props) : null;
};
const Login = lazily(() => import('./pages/login.js').then((module) => ({ default: module.Login })));
const OwnFrame = lazily(() => import('./own/frame.js'));

function App() {
  const session = useSession();
  const inside = Boolean(session) && !session.mustChangePassword && !session.mustEnrol;
  const own = may(session, 'VIEW_OWN') && !may(session, 'viewer');
  useEffect(() => keepLive(inside && !own), [inside, own]);
  if (session === undefined) return null;
  return inside ? h(own ? OwnFrame : Frame, { who: session }) : h(Login, { who: session });
}

render(h(App), document.getElementById('app'));
findSession();
