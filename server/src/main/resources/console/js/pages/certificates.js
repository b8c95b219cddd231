// Certificates: what ends when, who waits for a person, what is revoked, and the authority behind it all.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, url, useResource } from '../api.js';
import { setQuery, useRoute } from '../router.js';
import { may } from '../session.js';
import { count, dayName, plural, title } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Dialog, Empty, Failure, Field, Id, Loaded, Segments, toast, useTitle } from '../parts.js';
import { Pager, Table } from '../table.js';

const SOON = 30;
const DAY = 86400000;
const STATES = [['', 'All'], ['good', 'In force'], ['expiring', 'Ending soon'], ['expired', 'Ended'], ['revoked', 'Revoked']];
const REASONS = [['keyCompromise', 'The key is in other hands'], ['cessationOfOperation', 'It is out of service'], ['superseded', 'Another follows it'], ['affiliationChanged', 'It belongs to somebody else now'], ['unspecified', 'Another reason']];
const MARKS = { good: 'fine', pending: 'attention', expired: 'muted', revoked: 'security' };

export default function Certificates({ who }) {
  useTitle('Certificates');
  const authority = useResource('certificate-authority', (signal) => get('/certificates/authority', {}, signal), { every: 30000 });
  const requests = useResource('certificate-requests', (signal) => get('/certificates/requests', {}, signal).then(asPage), { every: 10000 });
  return many(
    h('header.page-head', h('h1', 'Certificates')),
    h(Loaded, { of: authority, rows: 3, what: 'The authority could not be loaded' }, (a) => many(h(Tiles, { a, waiting: (requests.data?.items || []).filter((r) => r.state === 'pending').length }), h(Ending, { days: a.ending }))),
    h(Loaded, { of: requests, rows: 2, what: 'What waits could not be loaded' }, (data) => h(Waiting, { items: data.items.filter((r) => r.state === 'pending'), who, onDone: requests.reload })),
    h(List, { who, onDone: authority.reload }));
}

function Tiles({ a, waiting }) {
  const soon = a.ending.slice(0, SOON).reduce((sum, n) => sum + n, 0);
  return h('dl.tiles',
    h('div.tile', h('dt', `Ending within ${SOON} days`), h('dd', count(soon)), h('dd.tile-foot', 'Holders renew by themselves')),
    h('div.tile', h('dt', 'Waiting for a person'), h('dd', count(waiting)), h('dd.tile-foot', 'A name with another key')),
    h('div.tile', h('dt', 'Revocation'), h('dd', a.revocationKnown ? 'known' : h('span.is-fault', h(Mark, { state: 'fault' }), ' not known')), h('dd.tile-foot', a.revocationKnown ? 'Revoked lines are cut at once' : 'Nothing is commanded over TLS')),
    h('div.tile', h('dt', 'Root key'), h('dd', a.rootKeyHere ? h('span.is-attention', h(Mark, { state: 'attention' }), ' here') : 'elsewhere'), h('dd.tile-foot', a.rootKeyHere ? 'Carry ca/root.p12 and its passphrase away' : `Root until ${dayName(Date.parse(a.rootEnds))}`)));
}

/** A column a day; the first thirty are those that end soon. */
function Ending({ days }) {
  const most = Math.max(1, ...days);
  const width = 8;
  const today = Date.now();
  const words = (n, i) => `${dayName(today + i * DAY)}: ${plural(n, 'certificate')}`;
  return h('section.card', h('header.card-head', h('h2', 'When they end'), h('span.dim', `the next ${days.length} days, at most ${plural(most, 'certificate')} a day`)),
    h('div.card-body',
      h('svg.ending', { viewBox: `0 0 ${days.length * width} 72`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${plural(days.slice(0, SOON).reduce((s, n) => s + n, 0), 'certificate')} end within ${SOON} days, ${count(days.reduce((s, n) => s + n, 0))} within ${days.length}` },
        h('line', { x1: 0, x2: days.length * width, y1: 71.5, y2: 71.5, class: 'ending-base' }),
        days.map((n, i) => n > 0 && h('rect', { key: i, x: i * width + 1, y: 71 - Math.max(3, 68 * n / most), width: width - 2, height: Math.max(3, 68 * n / most), class: i < SOON ? 'ending-soon' : 'ending-later' }, h('title', words(n, i))))),
      h('div.ending-days', [0, 30, 60, 90].map((i) => h('span', { key: i }, i ? `${i} days` : 'today')))));
}

function Waiting({ items, who, onDone }) {
  const [asking, ask] = useState(null);
  if (!items.length) return null;
  const columns = [
    { id: 'name', name: 'Name', cell: (r) => h(Id, { value: r.name, link: r.kind === 'meter' ? `/meters/${encodeURIComponent(r.name)}` : undefined }) },
    { id: 'kind', name: 'Kind', low: true, cell: (r) => title(r.kind) },
    { id: 'asked', name: 'Asked', cell: (r) => h(Ago, { at: r.asked }) },
    { id: 'proof', name: 'Known by', low: true, cell: (r) => ({ secret: 'its invitation', certificate: 'its present certificate', maker: 'its maker' })[r.proof] || r.proof },
    { id: 'key', name: 'New key', low: true, cell: (r) => h(Id, { value: r.keyId.slice(0, 16), whole: r.keyId }) },
    ...(may(who, 'security-administrator') ? [{ id: 'act', name: 'Decide', bare: true, num: true, cell: (r) => h('span.row-acts', h(Button, { small: true, onClick: () => ask({ request: r, act: 'approve' }) }, 'Approve…'), h(Button, { small: true, kind: 'quiet', onClick: () => ask({ request: r, act: 'refuse' }) }, 'Refuse…')) }] : []),
  ];
  return h('section.card', h('header.card-head', h('h2', 'Waiting for a person')),
    h('div.card-body', h('p', 'These names have a key already and ask for another. Was the meter exchanged, or given a new key by somebody you know of? If not, refuse: it may be somebody else.')),
    h(Table, { caption: 'Requests that wait', columns, rows: items, keyOf: (r) => r.id }),
    asking && h(Decide, { ...asking, onClose: () => ask(null), onDone: () => { ask(null); onDone(); } }));
}

function useAct(onDone) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const act = async (what) => {
    setBusy(true);
    setError(null);
    try {
      await what();
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return { busy, error, act };
}

function Decide({ request, act: verb, onClose, onDone }) {
  const { busy, error, act } = useAct(onDone);
  const yes = verb === 'approve';
  return h(Dialog, { title: yes ? 'Let it have the new key' : 'Refuse the new key', onClose }, h('div.form',
    h('p', `${title(request.kind)} `, h('span.mono', request.name), yes ? ' gets a certificate for its new key when it next asks, and the certificates of its old key are revoked as superseded: a device that still has that one is cut off.' : ' goes on with the key that it has. If it asks again, it waits here again.'),
    error && h(Failure, { error, what: 'Not done' }),
    h('div.form-actions', h(Button, { kind: yes ? 'main' : 'danger', busy, onClick: () => act(async () => { await call('POST', `/certificates/requests/${request.id}/${verb}`); toast(yes ? `${request.name} may have its new key.` : `${request.name} keeps its old key.`); }) }, yes ? 'Approve the new key' : 'Refuse it'), h(Button, { onClick: onClose }, 'Cancel'))));
}

function List({ who, onDone }) {
  const { query } = useRoute();
  const [ending, end] = useState(null);
  const asked = { state: query.state || '', q: query.q || '', page: Math.max(0, Number(query.page) || 0), size: Math.min(500, Math.max(1, Number(query.size) || 25)) };
  const list = useResource(`certificates ${JSON.stringify(asked)}`, (signal) => get('/certificates', asked, signal).then(asPage), { every: 15000 });
  const columns = [
    { id: 'name', name: 'Name', cell: (c) => h(Id, { value: c.name, link: c.kind === 'meter' ? `/meters/${encodeURIComponent(c.name)}` : undefined }) },
    { id: 'kind', name: 'Kind', cell: (c) => title(c.kind) },
    { id: 'state', name: 'State', cell: (c) => h('span.state', { class: `is-${MARKS[c.state]}` }, c.state !== 'good' && h(Mark, { state: MARKS[c.state] }), c.state === 'good' ? 'in force' : c.state, c.reason && h('span.dim', ` ${c.reason}`)) },
    { id: 'end', name: 'Ends', cell: (c) => h(At, { at: c.notAfter }) },
    { id: 'issued', name: 'Issued', low: true, cell: (c) => h(Ago, { at: c.issued }) },
    { id: 'serial', name: 'Serial number', low: true, cell: (c) => h(Id, { value: c.serial.slice(0, 12), whole: c.serial }) },
    ...(may(who, 'security-administrator') ? [{ id: 'act', name: 'Act', bare: true, num: true, cell: (c) => c.state === 'good' && h(Button, { small: true, kind: 'quiet', onClick: () => end(c) }, 'Revoke…') }] : []),
  ];
  return h('section.card', h('header.card-head', h('h2', 'Issued'),
    h(Segments, { label: 'State', value: asked.state, options: STATES, onPick: (state) => setQuery({ state: state || undefined, page: undefined }) }),
    h('a.btn', { href: url('/certificates/crl'), download: 'office.crl' }, 'Revocation list')),
    h(Loaded, { of: list, rows: 6, what: 'The certificates could not be loaded' }, (data) => (data.items.length
      ? many(h(Table, { caption: 'Certificates', columns, rows: data.items, keyOf: (c) => c.serial }), h(Pager, { page: asked.page, size: asked.size, total: data.total }))
      : h(Empty, { icon: 'security', heading: 'No certificate is like that' }, 'A meter gets one when it enrols: certificates invite METER on the command line makes its secret.'))),
    ending && h(Revoke, { certificate: ending, onClose: () => end(null), onDone: () => { end(null); list.reload(); onDone(); } }));
}

function Revoke({ certificate, onClose, onDone }) {
  const { busy, error, act } = useAct(onDone);
  const [reason, setReason] = useState('keyCompromise');
  const [note, setNote] = useState('');
  const burns = reason !== 'superseded' && reason !== 'cessationOfOperation';
  return h(Dialog, { title: 'Revoke this certificate', onClose }, h('div.form',
    h('p', `${title(certificate.kind)} `, h('span.mono', certificate.name), ': its connections under this certificate are cut at once, and none is taken any more. This cannot be undone.', burns ? ' Its key is not taken again: it needs another, which a person approves.' : ''),
    h(Field, { label: 'Why' }, h('select', { value: reason, onChange: (e) => setReason(e.currentTarget.value) }, REASONS.map(([value, words]) => h('option', { key: value, value }, words)))),
    h(Field, { label: 'What happened', hint: 'Stands in the audit log.' }, h('input', { type: 'text', value: note, maxlength: 500, onInput: (e) => setNote(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not revoked' }),
    h('div.form-actions', h(Button, { kind: 'danger', busy, onClick: () => act(async () => { await call('POST', `/certificates/${certificate.serial}/revoke`, { json: { reason, note } }); toast(`The certificate of ${certificate.name} is revoked.`, 'attention'); }) }, 'Revoke it'), h(Button, { onClick: onClose }, 'Keep it'))));
}
