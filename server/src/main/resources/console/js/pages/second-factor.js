// One's second factor: the picture for an authenticator, a first code, the recovery codes.
import { h, many, useEffect, useRef, useState } from '../dom.js';
import { call, get, useResource } from '../api.js';
import { confirmFactor } from '../session.js';
import { Mark } from '../icons.js';
import { Button, Dialog, Failure, Field, Loaded, download, toast } from '../parts.js';

const spaced = (secret) => secret.replace(/(.{4})(?=.)/g, '$1 ');
const picture = (svg) => `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;

/** Three steps in one form; on the first log-in of whoever must have one, and in the settings. */
export function GetFactor({ onDone, onCancel, cancel = 'Cancel' }) {
  const [begun, setBegun] = useState(null);
  const [code, setCode] = useState('');
  const [spare, setSpare] = useState(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const box = useRef();
  useEffect(() => {
    call('POST', '/session/factor').then(setBegun, setError);
  }, []);
  useEffect(() => box.current?.focus(), [begun]);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setSpare(await confirmFactor(code.replaceAll(' ', '')));
    } catch (problem) {
      setCode('');
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (spare) {
    const text = `${spare.join('\n')}\n`;
    return h('div.form', h('p', { role: 'status' }, h('span.state.is-fine', h(Mark, { state: 'fine' }), 'Your second factor is on.'), ' Each of these opens once in the place of a code, where you lost the device. They are shown this once: keep them elsewhere.'),
      h('ul.recovery-codes', spare.map((one) => h('li.mono', { key: one }, one))),
      h('div.form-actions', h(Button, { kind: 'main', onClick: onDone }, 'I have kept them'), h(Button, { icon: 'download', onClick: () => download('gridwarden-recovery-codes.txt', text, 'text/plain') }, 'Save as a file')));
  }
  if (!begun) return error ? h(Failure, { error, what: 'It could not be begun' }) : h('div.skeleton-wait');
  return h('form.form', { onSubmit: submit },
    h('ol.factor-steps', h('li', h('p', 'Scan this with an authenticator app on your phone.'),
      h('img.qr', { src: picture(begun.qr), alt: 'The secret as a QR code', width: 184, height: 184 }),
      h('details.help', h('summary', 'It cannot scan?'), h('p', 'Type this in, as a key that changes with the time: ', h('code.secret-text', spaced(begun.secret))))),
    h('li', h(Field, { label: 'Its code of now' }, h('input.mono', { ref: box, type: 'text', name: 'code', value: code, autocomplete: 'one-time-code', inputMode: 'numeric', required: true, maxLength: 7, onInput: (e) => setCode(e.currentTarget.value) })))),
    error && h(Failure, { error, what: 'Not taken' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !/^\d{3} ?\d{3}$/.test(code.trim()) }, 'Turn it on'), onCancel && h(Button, { kind: 'quiet', onClick: onCancel }, cancel)));
}

/** How one's own stands, among the settings. */
export function FactorCard() {
  const factor = useResource('factor', (signal) => get('/session/factor', {}, signal));
  const [getting, setGetting] = useState(false);
  const [dropping, setDropping] = useState(false);
  const done = () => { setGetting(false); setDropping(false); factor.reload(); };
  return h('section.card', h('header.card-head', h('h2', 'Second factor')),
    h('div.card-body', h(Loaded, { of: factor, rows: 2, what: 'Your second factor could not be loaded' }, (f) => many(
      h('p', h('span.state', { class: `is-${f.on ? 'fine' : 'attention'}` }, h(Mark, { state: f.on ? 'fine' : 'attention' }), f.on ? 'On' : 'Off'), f.on ? h('span.dim', ` ${f.recoveryCodes} recovery codes are left`) : h('span.dim', ' Whoever learns your password is you.')),
      f.on ? (f.required ? h('p.dim', 'One of your roles must have it.') : h(Button, { onClick: () => setDropping(true) }, 'Turn it off')) : h(Button, { kind: 'main', onClick: () => setGetting(true) }, 'Get a second factor')))),
    getting && h(Dialog, { title: 'Get a second factor', onClose: done }, h(GetFactor, { onDone: done, onCancel: done })),
    dropping && h(DropFactor, { onClose: done }));
}

function DropFactor({ onClose }) {
  const [code, setCode] = useState('');
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    try {
      await call('DELETE', '/session/factor', { json: { code: code.trim() } });
      toast('Your second factor is off.');
      onClose();
    } catch (problem) {
      setError(problem);
      setCode('');
    }
  };
  return h(Dialog, { title: 'Turn the second factor off', onClose }, h('form.form', { onSubmit: submit },
    h('p', 'From then on your password alone opens. A last code shows that it is you.'),
    h(Field, { label: 'A code, or a recovery code' }, h('input.mono', { type: 'text', value: code, autocomplete: 'one-time-code', required: true, onInput: (e) => setCode(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not turned off' }),
    h('div.form-actions', h('button.btn.btn-danger', { type: 'submit', disabled: !code.trim() }, 'Turn it off'), h(Button, { onClick: onClose }, 'Cancel'))));
}
