// The small things that every page is made of.
import { cx, h, many, useEffect, useLayoutEffect, useRef, useState } from './dom.js';
import { Icon, Mark } from './icons.js';
import { ago, dateTime, localZone, title, utc } from './format.js';

// One clock for every relative time on the page.
const clockListeners = new Set();
let clockTimer;

export function useNow(step = 1000) {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const tick = (at) => set((old) => (at - old >= step - 50 ? at : old));
    clockListeners.add(tick);
    clockTimer ??= setInterval(() => clockListeners.forEach((f) => f(Date.now())), 1000);
    return () => clockListeners.delete(tick);
  }, [step]);
  return now;
}

/** True once `waiting` has lasted 200 ms: nothing flickers for what comes at once. */
export function useSlow(waiting) {
  const [slow, set] = useState(false);
  useEffect(() => {
    if (!waiting) return set(false);
    const timer = setTimeout(() => set(true), 200);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && slow;
}

/** A choice kept on this machine: chosen columns, a unit. */
export function usePref(name, fallback) {
  const key = `gridwarden.${name}`;
  const [value, set] = useState(() => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? fallback;
    } catch {
      return fallback;
    }
  });
  return [
    value,
    (next) => {
      set(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // kept for this page only: the browser keeps nothing
      }
    },
  ];
}

export function useTitle(text) {
  useEffect(() => {
    document.title = text ? `${text} · Gridwarden` : 'Gridwarden';
  }, [text]);
}

/** Relative time; the zone's own time and UTC under the pointer. */
export function Ago({ at, zone = localZone, none = 'never' }) {
  const now = useNow();
  if (!at) return h('span.dim', none);
  const ms = Date.parse(at);
  return h('time', { dateTime: at, title: `${dateTime(ms, zone)} ${zone}\n${utc(ms)}` }, ago(ms, now));
}

/** An absolute time in a zone, UTC under the pointer. */
export function At({ at, zone = localZone, text }) {
  const ms = Date.parse(at);
  return h('time', { dateTime: at, title: `${zone}\n${utc(ms)}` }, text || dateTime(ms, zone));
}

/** An identifier: monospace, and copied by its button; `whole` where more is copied than shown, `name` what that is. */
export function Id({ value, link, strong, whole = value, name = value }) {
  const [copied, set] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!(await toClipboard(whole))) return;
    set(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => set(false), 1500);
  };
  return h('span.id', { class: cx(strong && 'id-strong') },
    link ? h('a.mono', { href: link }, value) : h('span.mono', value),
    h('button.copy', { type: 'button', onClick: copy, 'aria-label': copied ? `Copied ${name}` : `Copy ${name}`, title: copied ? 'Copied' : 'Copy' },
      h(Icon, { name: copied ? 'check' : 'copy', size: 14 })));
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea'); // no clipboard interface on plain HTTP
    area.value = text;
    area.className = 'offscreen';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

const LEVELS = { active: 'none', quarantined: 'security', retired: 'muted' };
const UP = { up: 'fine', attention: 'attention', down: 'fault' };

/** A meter's life state in a word, with a shape where it matters. */
export function LifeState({ state }) {
  const word = String(state || '').toLowerCase();
  const level = LEVELS[word] || 'none';
  return h('span.state', { class: `is-${level}` }, level === 'security' && h(Mark, { state: level }), title(word || 'unknown'));
}

export const healthMark = (state) => UP[String(state).toLowerCase()] || 'attention';

export function Severity({ level, word = true }) {
  return h('span.state', { class: `is-${level}` }, h(Mark, { state: level }), word ? title(level) : h('span.offscreen', title(level)));
}

export function Button({ icon, kind, small, busy, children, label, ...rest }) {
  return h('button.btn', { type: 'button', ...rest, 'aria-label': label, title: rest.title || label, 'aria-busy': busy ? 'true' : undefined,
    disabled: rest.disabled || busy, class: cx(kind && `btn-${kind}`, small && 'btn-small', icon && !children && 'btn-icon') },
    icon && h(Icon, { name: icon }), children);
}

export function Segments({ label, value, options, onPick }) {
  return h('div.segments', { role: 'group', 'aria-label': label },
    options.map(([key, text, hint]) => h('button', { type: 'button', key, 'aria-pressed': String(key === value), title: hint, onClick: () => onPick(key) }, text)));
}

export function Field({ label, hint, error, children, wide }) {
  return h('label.field', { class: cx(wide && 'field-wide') }, h('span.field-label', label), children,
    error ? h('span.field-error', { role: 'alert' }, h(Mark, { state: 'fault' }), error) : hint && h('span.field-hint', hint));
}

/** A button that opens a small panel; Escape and a click elsewhere close it. */
export function Popover({ button, children, align = 'left', label }) {
  const [open, set] = useState(false);
  const root = useRef();
  useEffect(() => {
    if (!open) return;
    const outside = (event) => root.current.contains(event.target) || set(false);
    const escape = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      set(false);
      root.current.querySelector('button').focus();
    };
    const node = root.current;
    document.addEventListener('pointerdown', outside);
    node.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      node.removeEventListener('keydown', escape);
    };
  }, [open]);
  return h('div.popover', { ref: root },
    button({ 'aria-expanded': String(open), 'aria-haspopup': 'true', onClick: () => set(!open) }),
    open && h('div.popover-panel', { class: `at-${align}`, role: 'group', 'aria-label': label }, typeof children === 'function' ? children(() => set(false)) : children));
}

/** A modal dialog: the browser's own, so that focus stays in and returns. */
export function Dialog({ title: heading, onClose, children, wide }) {
  const ref = useRef();
  useLayoutEffect(() => {
    const node = ref.current;
    node.showModal();
    return () => node.close();
  }, []);
  return h('dialog.dialog', { ref, class: cx(wide && 'dialog-wide'), 'aria-label': heading,
    onCancel: (e) => { e.preventDefault(); onClose(); },
    onClick: (e) => e.target === ref.current && onClose() },
    h('div.dialog-body', h('header.dialog-head', h('h2', heading), h(Button, { icon: 'close', kind: 'quiet', label: 'Close', onClick: onClose })), children));
}

export function Skeleton({ rows = 6, kind = 'lines' }) {
  return h(`div.skeleton.skeleton-${kind}`, { role: 'status', 'aria-label': 'Loading' },
    kind === 'block' ? h('span') : Array.from({ length: rows }, (_, i) => h('span', { key: i, class: `w${i % 4}` })));
}

/** Says what would be here and how to get it. */
export function Empty({ heading, children, action, icon }) {
  return h('div.empty', icon && h(Icon, { name: icon, size: 24 }), h('p.empty-head', heading), children && h('p', children), action && h('div.actions', action));
}

/** What failed, what still works, and the way to try again. */
export function Failure({ error, still, onRetry, what = 'This could not be loaded' }) {
  return h('div.failure', { role: 'alert' }, h(Mark, { state: 'fault' }),
    h('div', h('strong', `${what}: ${error.message}`), (error.where || error.remedy) && h('p', error.where && h('code', error.where), error.where && error.remedy && ': ', error.remedy), still && h('p.dim', still)),
    onRetry && h(Button, { icon: 'reload', small: true, onClick: onRetry }, 'Try again'));
}

/** Stands over data that could not be refreshed: it shows its age. */
export function Stale({ at, error, onRetry }) {
  const now = useNow();
  return h('div.stale', { role: 'status' }, h(Mark, { state: 'attention' }), `Shown as of ${ago(at, now)}: ${error.message.toLowerCase()}.`,
    onRetry && h('button.link', { type: 'button', onClick: onRetry }, 'Try again'));
}

/** The four states of loaded data in one place. */
export function Loaded({ of, rows, kind, what, still, children }) {
  const slow = useSlow(of.data === undefined && !of.error);
  if (of.data === undefined) {
    if (of.error && !of.loading) return h(Failure, { error: of.error, onRetry: of.reload, what, still });
    return slow ? h(Skeleton, { rows, kind }) : h('div.skeleton-wait');
  }
  return many(of.error && !of.loading && h(Stale, { at: of.at, error: of.error, onRetry: of.reload }), children(of.data));
}

export function download(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** RFC 4180; a cell that a spreadsheet would run as a formula is made text. */
export function csv(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? '' : String(value);
    if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && !/^-\d+(\.\d+)?$/.test(text))) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

// Short notices at the page's foot.
let showToast = () => {};
export const toast = (text, state = 'fine') => showToast({ text, state, id: Math.random() });

export function Toasts() {
  const [list, set] = useState([]);
  showToast = (one) => {
    set((old) => [...old.slice(-2), one]);
    setTimeout(() => set((old) => old.filter((t) => t.id !== one.id)), 6000);
  };
  return h('div.toasts', { role: 'status', 'aria-live': 'polite' }, list.map((t) => h('div.toast', { key: t.id }, h(Mark, { state: t.state }), t.text)));
}
