// Signing keys: one's own in this browser, and everybody's for who takes and revokes them.
import { h, many, useEffect, useState } from '../dom.js';
import { call, remove } from '../api.js';
import { may } from '../session.js';
import { dateTime } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, Button, Dialog, Empty, Failure, Id, Loaded, toast } from '../parts.js';
import { Table } from '../table.js';
import { dropKey, keysPossible, makeKey, useBrowserKey } from '../keys.js';
import { standing, useOfficeKeys } from '../office-keys.js';
import { fingerprint, fromBase64 } from '../order.js';
import { recount } from '../waiting.js';

const STANDING = {
  NONE: ['Not known to the office', 'attention'],
  WAITING: ['Waits for a security administrator', 'attention'],
  TAKEN: ['Taken', 'fine'],
  REVOKED: ['Revoked', 'muted'],
};

const KINDS = { browser: 'Browser', file: 'Key file', token: 'Token' };

function Standing({ of }) {
  const [word, mark] = STANDING[of] || STANDING.NONE;
  return h('span.state', { class: `is-${mark}` }, h(Mark, { state: mark }), word);
}

const keyPath = (keyId, rest = '') => `/operator-keys/${encodeURIComponent(keyId)}${rest}`;

export function SigningKeys({ who }) {
  const office = useOfficeKeys();
  const operates = may(who, 'operator');
  return h('div.keys-page',
    operates && h(BrowserKey, { who, office }),
    h('section.card', h('header.card-head', h('h2', may(who, 'security-administrator') || may(who, 'auditor') ? 'Keys of operators' : 'Your keys at the office')),
      h(Loaded, { of: office, rows: 4, what: 'The keys could not be loaded' }, (keys) => (keys.length ? h(Keys, { keys, who, onDone: () => { office.reload(); recount(); } })
        : h(Empty, { heading: 'No key yet' }, 'An operator makes one in the browser, or with a key file or token at the command line, and asks for it to be taken.')))));
}

function BrowserKey({ who, office }) {
  const own = useBrowserKey(who.user);
  const [dropping, setDropping] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const how = standing(office.data, own.key?.keyId);
  const act = async (what) => {
    setBusy(true);
    setError(null);
    try {
      await what();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      own.reload();
      office.reload();
    }
  };
  const ask = (key) => call('POST', '/operator-keys', { json: { spki: key.spki, kind: 'browser', name: `${who.user}’s browser, ${dateTime(Date.parse(key.made), undefined, { seconds: false })}` } });
  const make = () => act(async () => { await ask(await makeKey(who.user)); toast('Your key is made. A security administrator takes it now.'); });
  const card = (...inside) => h('section.card', h('header.card-head', h('h2', 'The key of this browser')), h('div.card-body.form', inside, error && h(Failure, { error, what: 'Not done' })));
  if (!keysPossible()) return card(h('p.verdict.is-attention', h(Mark, { state: 'attention' }), 'This page did not come over TLS or from this machine, so the browser has no keys here. Open it by https.'));
  if (own.error) return card(h(Failure, { error: own.error, what: 'The key of this browser cannot be read', onRetry: own.reload }));
  if (!own.ready) return card(h('p.dim', 'Looking…'));
  if (!own.key) {
    return card(h('p', 'No meter obeys a command without its operator’s signature. This browser can make a key that signs for you.'),
      h('p.dim', 'It is made here and cannot be taken out, not even by this page: who clears the browser’s data loses it and makes another. A security administrator takes it before it counts.'),
      h('div.form-actions', h(Button, { kind: 'main', icon: 'key', busy, onClick: make }, 'Make a key and ask for it to be taken')));
  }
  return card(
    h('dl.facts', h('dt', 'State'), h('dd', h(Standing, { of: how })), h('dt', 'Key'), h('dd', h(Id, { value: own.key.keyId })), h('dt', 'Made'), h('dd', h(Ago, { at: own.key.made })), h('dt', 'Fingerprint'), h('dd', h('code.fingerprint', own.key.fingerprint))),
    how === 'WAITING' && h('p.dim', 'Read the fingerprint out to your security administrator: the same groups must stand on their page. Then it is your key that is taken, and nobody’s else.'),
    how === 'REVOKED' && h('p.dim', 'It signs nothing any more. Drop it, and make another.'),
    h('div.form-actions', how === 'NONE' && h(Button, { kind: 'main', busy, onClick: () => act(async () => { await ask(own.key); toast('Asked: a security administrator takes it now.'); }) }, 'Ask for it to be taken'),
      h(Button, { kind: 'danger', onClick: () => setDropping(true) }, 'Drop it…')),
    dropping && h(Drop, { standing: how, keyId: own.key.keyId, onClose: () => setDropping(false), onDrop: () => act(async () => {
      if (how === 'WAITING' || how === 'TAKEN') await remove(keyPath(own.key.keyId));
      await dropKey(who.user);
      setDropping(false);
      toast('The key is gone from this browser and from the office.');
    }) }));
}

function Drop({ keyId, standing: how, onClose, onDrop }) {
  return h(Dialog, { title: 'Drop the key of this browser', onClose }, h('div.form',
    h('p', 'The key ', h('span.mono', keyId), ' is deleted here and ', how === 'TAKEN' ? 'revoked at the office: what it signed and is not sent yet is not sent.' : 'no longer asked for.', ' It cannot be brought back; you can make another.'),
    h('div.form-actions', h(Button, { kind: 'danger', onClick: onDrop }, 'Drop the key'), h(Button, { onClick: onClose }, 'Keep it'))));
}

function Fingerprint({ spki }) {
  const [text, set] = useState('');
  useEffect(() => {
    if (globalThis.crypto?.subtle) fingerprint(fromBase64(spki)).then(set, () => set(''));
  }, [spki]);
  return text ? h('code.fingerprint', text) : h('span.dim', 'only over TLS');
}

function Keys({ keys, who, onDone }) {
  const [revoking, setRevoking] = useState(null);
  const manages = may(who, 'security-administrator');
  const take = async (key) => {
    try {
      await call('POST', keyPath(key.keyId, '/approve'));
      toast(`The key of ${key.operator} is taken.`);
    } catch (problem) {
      toast(`Not taken: ${problem.remedy || problem.message}`, 'fault');
    }
    onDone();
  };
  const columns = [
    { id: 'operator', name: 'Operator', cell: (k) => h('span.key-owner', h('strong', k.operator), h(Standing, { of: k.standing })) },
    { id: 'print', name: 'Fingerprint', wrap: true, cell: (k) => h(Fingerprint, { spki: k.spki }) },
    { id: 'kind', name: 'Lies in', low: true, cell: (k) => h('span', { title: k.name }, KINDS[k.kind] || k.kind) },
    { id: 'since', name: 'Since', low: true, cell: (k) => h(Ago, { at: k.revoked || k.since }) },
    { id: 'by', name: 'By', low: true, cell: (k) => k.revokedBy || k.addedBy || h('span.dim', '–') },
    ...(manages ? [{ id: 'act', name: 'Act', bare: true, num: true, cell: (k) => h('span.row-acts',
      k.standing === 'WAITING' && h(Button, { small: true, kind: 'main', label: `Take the key of ${k.operator}`, disabled: k.operator === who.user, onClick: () => take(k) }, 'Take'),
      k.standing !== 'REVOKED' && h(Button, { small: true, kind: 'quiet', label: `${k.standing === 'WAITING' ? 'Strike off' : 'Revoke'} the key of ${k.operator}`, onClick: () => setRevoking(k) }, k.standing === 'WAITING' ? 'Strike off' : 'Revoke')) }] : []),
  ];
  return many(
    manages && keys.some((k) => k.standing === 'WAITING') && h('p.card-note', 'Before you take a key, have its operator read out the fingerprint that stands in their own browser: every group must be the same.'),
    h(Table, { caption: 'Keys of operators', columns, rows: keys, keyOf: (k) => k.keyId }),
    revoking && h(Revoke, { key: revoking.keyId, of: revoking, onClose: () => setRevoking(null), onDone }));
}

function Revoke({ of, onClose, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const waits = of.standing === 'WAITING';
  const act = async () => {
    setBusy(true);
    try {
      await remove(keyPath(of.keyId));
      toast(waits ? 'The key is struck off.' : `The key of ${of.operator} is revoked.`);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
    onDone();
  };
  return h(Dialog, { title: `${waits ? 'Strike off' : 'Revoke'} the key of ${of.operator}`, onClose }, h('div.form',
    h('p', waits ? 'It is not taken. Its operator can ask again.' : 'What it signs from now on is refused, and what it has signed and is not sent yet is not sent. It cannot be put in force again.'),
    h('p', 'Its fingerprint: ', h(Fingerprint, { spki: of.spki })),
    error && h(Failure, { error, what: 'Not done' }),
    h('div.form-actions', h(Button, { kind: 'danger', busy, onClick: act }, waits ? 'Strike off' : 'Revoke'), h(Button, { onClick: onClose }, 'Leave it'))));
}
