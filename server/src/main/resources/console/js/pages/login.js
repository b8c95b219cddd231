// Logging in, and the new password that the first log-in asks for.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { changePassword, findSession, lastNotice, logIn, logOut, showCode } from '../session.js';
import { get, useResource } from '../api.js';
import { Mark, Icon } from '../icons.js';
import { Button, Field, useTitle } from '../parts.js';
import { Logo } from '../frame.js';
import { GetFactor } from './second-factor.js';

export const LEAST = 12;

/** Says in words what a password lacks; the server has the last word. */
export function judge(password, user = '') {
  if (!password) return { score: 0, word: `At least ${LEAST} characters; a few unrelated words are good.` };
  if (password.length < LEAST) return { score: 1, word: `Too short: ${LEAST - password.length} more.` };
  const lower = password.toLowerCase();
  if (user && lower.includes(user.toLowerCase())) return { score: 1, word: 'It holds your user name: choose another.' };
  if (/^(.)\1+$/.test(password) || /(password|gridwarden|12345|qwert)/.test(lower)) return { score: 1, word: 'Too easy to guess: choose another.' };
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((k) => k.test(password)).length;
  const variety = new Set(password).size;
  if (variety < 6) return { score: 1, word: 'Too few different characters.' };
  return password.length >= 20 || (password.length >= 16 && kinds >= 2) || kinds >= 4 ? { score: 3, word: 'Strong.' } : { score: 2, word: 'Good enough; longer is better.' };
}

export function Password({ label, value, onInput, autocomplete, error, hint, focus }) {
  const [caps, setCaps] = useState(false);
  const [plain, setPlain] = useState(false);
  const box = useRef();
  useEffect(() => { if (focus) box.current.focus(); }, []);
  const watch = (event) => setCaps(Boolean(event.getModifierState?.('CapsLock')));
  return many(
    h(Field, { label, error, hint }, h('span.secret',
      h('input', { ref: box, type: plain ? 'text' : 'password', value, autocomplete, required: true, spellcheck: false, autocapitalize: 'off', onKeyDown: watch, onKeyUp: watch, onBlur: () => setCaps(false), onInput: (e) => onInput(e.currentTarget.value) }),
      h('button.link', { type: 'button', onClick: () => setPlain(!plain), 'aria-pressed': String(plain), 'aria-label': `Show ${label.toLowerCase()}` }, plain ? 'Hide' : 'Show'))),
    caps && h('p.caps', { role: 'status' }, h(Mark, { state: 'attention' }), 'Caps Lock is on.'));
}

const sentence = (text) => text && text.charAt(0).toUpperCase() + text.slice(1).replace(/\.?$/, '.');

export function Refused({ error }) {
  return error && h('div.form-error', { role: 'alert' }, h(Mark, { state: 'fault' }), h('span', h('strong', error.message.replace(/\.?$/, '.')), ' ', sentence(error.remedy)));
}

/** The form that changes a password; on the first log-in and in the settings. */
export function ChangePassword({ user, onDone, forced }) {
  const [form, set] = useState({ old: '', fresh: '', again: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState();
  const verdict = judge(form.fresh, user);
  const differs = form.again && form.again !== form.fresh;
  const ready = form.old && verdict.score >= 2 && form.again === form.fresh && form.fresh !== form.old;
  const submit = async (event) => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await changePassword(form.old, form.fresh);
      set({ old: '', fresh: '', again: '' });
      onDone?.();
    } catch (problem) {
      if (problem.code === 'UNAUTHENTICATED') problem.message = 'The present password is not right';
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return h('form.form', { onSubmit: submit },
    h('input.offscreen', { type: 'text', autocomplete: 'username', value: user, readOnly: true, tabIndex: -1, 'aria-hidden': 'true' }),
    h(Password, { label: forced ? 'The password you were given' : 'Present password', value: form.old, autocomplete: 'current-password', onInput: (old) => set({ ...form, old }), focus: forced }),
    h(Password, { label: 'New password', value: form.fresh, autocomplete: 'new-password', onInput: (fresh) => set({ ...form, fresh }) }),
    h('div.strength', { class: `score-${verdict.score}` }, h('span.strength-bars', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('span', { 'aria-live': 'polite' }, form.fresh && form.fresh === form.old ? 'It is the old one: choose another.' : verdict.word)),
    h(Password, { label: 'New password again', value: form.again, autocomplete: 'new-password', onInput: (again) => set({ ...form, again }), error: differs ? 'The two are not the same.' : undefined }),
    h(Refused, { error }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: !ready || busy, 'aria-busy': busy ? 'true' : undefined }, busy ? 'Changing…' : 'Change password'),
      forced && h(Button, { kind: 'quiet', onClick: logOut }, 'Log out')));
}

/** Why somebody who comes from the provider is not in. */
const NOT_IN = {
  role: 'The provider knows you, but nothing that it says gives you a role here. Ask a security administrator.',
  roles: 'What the provider says would give you roles that nobody has together.',
  user: 'There is another user of your name here, or your name is none that can stand here.',
  disabled: 'You are kept out for now. Ask a security administrator.',
  refused: 'The provider did not let you in, or it took too long. Try again.',
};

function LogInForm() {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const sso = new URLSearchParams(location.search).get('sso');
  const named = sso === 'code'; // by the provider, which said nothing of a second factor
  const [code, setCode] = useState(named ? '' : null);
  const ways = useResource('ways', (signal) => get('/session/ways', {}, signal));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState();
  const box = useRef();
  const digits = useRef();
  useEffect(() => box.current?.focus(), []);
  useEffect(() => digits.current?.focus(), [code === null]);
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await (named ? showCode(code.trim()) : logIn(user.trim(), password, code?.trim()));
    } catch (problem) {
      setBusy(false);
      if (problem.where === 'code') {
        const first = code === null;
        setCode('');
        if (!first) {
          if (problem.code === 'UNAUTHENTICATED') problem.message = 'That code does not open';
          setError(problem);
        }
        return;
      }
      setPassword('');
      if (!named) setCode(null);
      if (problem.code === 'UNAUTHENTICATED') problem.message = 'That user and password do not fit';
      setError(problem);
    }
  };
  if (code !== null) {
    return h('form.form', { onSubmit: submit },
      h(Field, { label: named ? 'Code of your second factor' : `Code of ${user.trim()}’s second factor`, hint: 'Six digits from your authenticator, or a recovery code.' }, h('input.mono', { ref: digits, type: 'text', name: 'code', value: code, autocomplete: 'one-time-code', inputMode: 'text', required: true, autocapitalize: 'off', spellcheck: false, maxLength: 24, onInput: (e) => setCode(e.currentTarget.value) })),
      error && h(Refused, { error }),
      h('div.form-actions', h('button.btn.btn-main.btn-wide', { type: 'submit', disabled: !code.trim() || busy, 'aria-busy': busy ? 'true' : undefined }, busy ? 'Logging in…' : 'Log in')),
      h('div.form-actions', h(Button, { kind: 'quiet', onClick: () => { if (named) { location.assign('/login'); return; } setCode(null); setPassword(''); setError(undefined); } }, 'As somebody else')),
      h('details.help', h('summary', 'Device lost?'), h('p', 'A recovery code opens once in the place of a code. With none left, a security administrator takes the second factor away, under Settings, Users.')));
  }
  return h('form.form', { onSubmit: submit },
    h(Field, { label: 'User' }, h('input', { ref: box, type: 'text', name: 'user', value: user, autocomplete: 'username', required: true, autocapitalize: 'off', spellcheck: false, onInput: (e) => setUser(e.currentTarget.value) })),
    h(Password, { label: 'Password', value: password, autocomplete: 'current-password', onInput: setPassword }),
    !error && NOT_IN[sso] && h('div.form-error', { role: 'alert' }, h(Mark, { state: 'fault' }), h('span', NOT_IN[sso])),
    error && h(Refused, { error }),
    h('div.form-actions', h('button.btn.btn-main.btn-wide', { type: 'submit', disabled: !user.trim() || !password || busy, 'aria-busy': busy ? 'true' : undefined }, busy ? 'Logging in…' : 'Log in')),
    ways.data?.start && h('div.form-actions', h('a.btn.btn-wide', { href: ways.data.start, target: '_self' }, ways.data.label)),
    h('details.help', h('summary', 'First start, or password lost?'),
      h('p', 'At the first start the server makes a password for the user ', h('code', 'admin'), ' and prints it once on its own terminal. It must be changed at the first log-in.'),
      h('p', 'A lost password is set anew by a security administrator, under Settings, Users.')));
}

export function Login({ who }) {
  const forced = Boolean(who?.mustChangePassword);
  const enrol = Boolean(who?.mustEnrol);
  useTitle(forced ? 'New password' : enrol ? 'Second factor' : 'Log in');
  const notice = !forced && !enrol && lastNotice();
  return h('main.login', h('section.login-card',
    h('header', h(Logo), h('span', 'Gridwarden')),
    h('h1', forced ? 'Choose a new password' : enrol ? 'Get a second factor' : 'Log in'),
    forced ? h('p.dim', `The one you came in with, ${who.user}, is for the first log-in only.`)
      : enrol ? h('p.dim', `What you may do here, ${who.user}, is opened by more than a password.`)
        : notice && h('p.notice', { role: 'status' }, h(Icon, { name: 'user' }), notice),
    forced ? h(ChangePassword, { user: who.user, forced: true })
      : enrol ? h(GetFactor, { onCancel: logOut, cancel: 'Log out', onDone: findSession })
        : h(LogInForm)));
}
