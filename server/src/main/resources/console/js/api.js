// The REST interface as the console sees it: JSON in, JSON out, problem details as one exception.
import { useCallback, useEffect, useRef, useState } from './dom.js';

const BASE = '/api/v1';
const csrf = { token: '', header: 'X-CSRF-Token' };
let onLost = () => {};
/** Whether a page asks by itself, with nobody at work: the server lets such a session fall asleep. */
let unattended = false;

const CODES = {
  MALFORMED: 'It is not well formed',
  UNAUTHENTICATED: 'Not logged in',
  REPLAYED: 'It was sent before',
  FORBIDDEN: 'Not allowed',
  UNKNOWN_METER: 'No such meter',
  TIMEOUT: 'It took too long',
  BUSY: 'The server is busy',
  CONFLICT: 'It does not fit what is there',
  INTERNAL: 'The server failed',
};

/** What the server says went wrong, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(status, body = {}) {
    super(CODES[body.code] || body.title || `The server answered ${status}`);
    this.status = status;
    this.code = body.code || '';
    this.where = body.where || '';
    this.remedy = body.remedy || (body.code ? '' : body.detail) || '';
  }
}

/** The console was logged out by the server: idle too long, or elsewhere. */
export function whenSessionLost(listener) {
  onLost = listener;
}

export function rememberCsrf(session) {
  if (session?.csrf) csrf.token = session.csrf;
  if (session?.csrfHeader) csrf.header = session.csrfHeader;
}

export function url(path, query) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query || {})) {
    if (value !== undefined && value !== null && value !== '') search.set(key, value);
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : '');
}

export async function call(method, path, { query, json, text, type, signal, accept } = {}) {
  const headers = { Accept: accept || 'application/json' };
  if (unattended) headers['X-Unattended'] = 'true';
  if (method !== 'GET' && csrf.token) headers[csrf.header] = csrf.token;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (text !== undefined) headers['Content-Type'] = type || 'text/plain';
  let response;
  try {
    response = await fetch(url(path, query), {
      method,
      headers,
      body: json !== undefined ? JSON.stringify(json) : text,
      signal,
      credentials: 'same-origin',
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new Problem(0, {
      title: 'The server cannot be reached',
      remedy: 'Check that it runs; this page tries again when you do.',
    });
  }
  const isJson = /json/.test(response.headers.get('content-type') || '');
  if (!response.ok) {
    const problem = new Problem(response.status, isJson ? await response.json().catch(() => ({})) : {});
    if (response.status === 401 && !path.startsWith('/session')) onLost();
    throw problem;
  }
  if (response.status === 204) return undefined;
  return isJson ? response.json() : response.text();
}

export const get = (path, query, signal) => call('GET', path, { query, signal });
export const post = (path, json, query) => call('POST', path, { json, query });
export const remove = (path) => call('DELETE', path);

/** Lists come as an array or as {items, total}; the pages see one form. */
export function asPage(answer) {
  const items = Array.isArray(answer) ? answer : answer?.items || [];
  return { items, total: answer?.total ?? items.length, page: answer?.page ?? 0, size: answer?.size ?? items.length };
}

/**
 * Loads something for a page and keeps what it had while it loads anew. `key` is what it depends on; `every` reloads
 * after so many milliseconds while the page is looked at.
 */
export function useResource(key, loader, { every = 0 } = {}) {
  const [state, setState] = useState({ key: undefined, data: undefined, error: undefined, at: 0, loading: true });
  const turn = useRef(0);
  const load = useCallback(loader, [key]);
  const reload = useCallback(() => {
    const mine = ++turn.current;
    const abort = new AbortController();
    setState((old) => ({ ...old, loading: true }));
    load(abort.signal).then(
      (data) => mine === turn.current && setState({ key, data, error: undefined, at: Date.now(), loading: false }),
      (error) =>
        error.name !== 'AbortError' &&
        mine === turn.current &&
        setState((old) => ({ ...old, key, error, loading: false })),
    );
    return abort;
  }, [load]);
  useEffect(() => {
    const abort = reload();
    const alone = () => {
      unattended = true; // a request's headers are put together before reload returns
      try {
        reload();
      } finally {
        unattended = false;
      }
    };
    const timer = every && setInterval(() => document.hidden || alone(), every);
    return () => {
      turn.current++;
      abort.abort();
      clearInterval(timer);
    };
  }, [reload, every]);
  return { ...state, fresh: state.key === key, reload };
}
