// Addresses: every view has one, filters are in its query, and Back goes back.
import { useEffect, useState } from './dom.js';

const listeners = new Set();

function read() {
  return { path: location.pathname.replace(/(.)\/+$/, '$1'), query: Object.fromEntries(new URLSearchParams(location.search)) };
}

let now = read();

function tell() {
  now = read();
  for (const listener of listeners) listener(now);
}

addEventListener('popstate', tell);

export function go(href, { replace = false } = {}) {
  if (href === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', href);
  tell();
  if (!replace) scrollTo(0, 0);
}

/** The address of `path` with these query words; empty ones are left out. */
export function href(path, query = {}) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, value);
  }
  const text = search.toString();
  return path + (text ? `?${text}` : '');
}

/** Changes some query words of the present view. */
export function setQuery(patch, { replace = true } = {}) {
  go(href(now.path, { ...now.query, ...patch }), { replace });
}

export function useRoute() {
  const [route, set] = useState(now);
  useEffect(() => {
    listeners.add(set);
    set(now);
    return () => listeners.delete(set);
  }, []);
  return route;
}

// Ordinary links stay ordinary links: open in a tab, copy, middle click; only the plain click is taken.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/')) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
