// Who is logged in. Undefined while nobody knows yet, null when nobody is.
import { useEffect, useState } from './dom.js';
import { call, get, rememberCsrf, whenSessionLost } from './api.js';

const listeners = new Set();
let session;
let notice = '';

function set(next) {
  session = next && {
    ...next,
    roles: (next.roles || []).map((role) => role.toLowerCase().replaceAll('_', '-').replace(/^role-/, '')),
  };
  rememberCsrf(session);
  for (const listener of listeners) listener(session);
}

whenSessionLost(() => {
  if (!session) return;
  notice = 'You were logged out: the session ended.';
  set(null);
});

export async function findSession() {
  try {
    set(await get('/session'));
  } catch (problem) {
    notice = problem.status === 401 ? '' : problem.message;
    set(null);
  }
}

export async function logIn(user, password, code) {
  await call('POST', '/session', { json: code ? { user, password, code } : { user, password } });
  notice = '';
  set(await get('/session'));
}

export async function changePassword(old, fresh) {
  await call('POST', '/session/password', { json: { old, new: fresh } });
  try {
    set(await get('/session'));
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    await logIn(session.user, fresh); // a server may end the session with the old password
  }
}

/** The code of whoever a provider has named. */
export async function showCode(code) {
  await call('POST', '/session/code', { json: { code } });
  notice = '';
  history.replaceState(null, '', '/');
  set(await get('/session'));
}

/** Puts a second factor in force; the recovery codes that come back are shown once. */
export async function confirmFactor(code) {
  const { recoveryCodes, session: fresh } = await call('POST', '/session/factor/confirm', { json: { code } });
  rememberCsrf(fresh);
  return recoveryCodes;
}

export async function logOut() {
  let next;
  try {
    next = (await call('DELETE', '/session'))?.next;
  } finally {
    notice = 'You are logged out.';
    set(null);
  }
  if (next) location.assign(next); // the provider's own session ends there
}

export const lastNotice = () => notice;

export function useSession() {
  const [value, setValue] = useState(session);
  useEffect(() => {
    listeners.add(setValue);
    setValue(session);
    return () => listeners.delete(setValue);
  }, []);
  return value;
}

const WORDS = {
  rbac_administrator: 'RBAC administrator',
};

/** What pages ask for by the name of a role: each is a permission, which several roles may have. */
const PERMISSIONS = { viewer: 'VIEW', operator: 'OPERATE', 'security-administrator': 'MANAGE_KEYS', auditor: 'READ_AUDIT' };

export function roleWord(role) {
  const words = role.toLowerCase().replaceAll('-', '_');
  return WORDS[words] || words.charAt(0).toUpperCase() + words.slice(1).replaceAll('_', ' ');
}

/** Whether somebody has a permission, such as COMMAND. */
export const may = (who, word) => Boolean(who?.permissions?.includes(PERMISSIONS[word] || word));
