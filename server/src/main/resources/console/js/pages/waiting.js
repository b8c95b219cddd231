// Meters that call and are not known: an operator lets them in or turns them away; nothing happens by itself.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { count } from '../format.js';
import { Ago, Button, Dialog, Empty, Failure, Id, Loaded, toast, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { MeterTabs } from './meters.js';

export default function Waiting({ who }) {
  useTitle('Waiting meters');
  const list = useResource('waiting', (signal) => get('/waiting', {}, signal).then(asPage), { every: 10000 });
  const [asking, ask] = useState(null);
  const operator = may(who, 'operator');
  const columns = [
    { id: 'title', name: 'System title', cell: (w) => h(Id, { value: w.systemTitle }) },
    { id: 'last', name: 'Last call', cell: (w) => h(Ago, { at: w.last }) },
    { id: 'first', name: 'First call', low: true, cell: (w) => h(Ago, { at: w.first }) },
    { id: 'count', name: 'Calls', num: true, low: true, cell: (w) => count(w.count) },
    { id: 'channel', name: 'Channel', low: true, cell: (w) => h('span.mono', w.channel || '–') },
    ...(operator ? [{ id: 'act', name: 'Decide', bare: true, num: true, cell: (w) => h('span.row-acts', h(Button, { small: true, onClick: () => ask({ waiting: w, accept: true }) }, 'Accept'), h(Button, { small: true, kind: 'quiet', onClick: () => ask({ waiting: w, accept: false }) }, 'Dismiss')) }] : []),
  ];
  return many(
    h('header.page-head', h('h1', 'Meters'), h(MeterTabs, { here: '/meters/waiting', who })),
    h(Loaded, { of: list, rows: 4, what: 'The waiting list could not be loaded' }, (data) => data.items.length
      ? many(h('p.lead', 'These meters call, but no shipment named them. What they send is held, bounded, and not acknowledged as stored.'), h(Table, { caption: 'Waiting meters', columns, rows: data.items, keyOf: (w) => w.systemTitle }))
      : h(Empty, { icon: 'meters', heading: 'No meter waits' }, 'A meter that calls without being known would stand here, until an operator accepts or dismisses it.')),
    asking && h(Decide, { ...asking, onClose: () => ask(null), onDone: () => { ask(null); list.reload(); } }));
}

function Decide({ waiting, accept, onClose, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const path = `/waiting/${encodeURIComponent(waiting.systemTitle)}`;
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      if (accept) await call('POST', `${path}/accept`, { json: {} });
      else await call('DELETE', path);
      toast(accept ? `${waiting.systemTitle} is accepted.` : `${waiting.systemTitle} is dismissed.`);
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: accept ? 'Accept this meter' : 'Dismiss this meter', onClose },
    h('div.form',
      h('p', 'System title ', h(Id, { value: waiting.systemTitle }), '.'),
      accept
        ? h('p', 'It becomes a meter of this office: its pushes are decrypted with the keys that a shipment brought, stored and acknowledged. If no shipment brought its keys, import one first.')
        : h('p', 'What it sent is dropped and it leaves the list. If it calls again, it waits here again: you can decide anew.'),
      error && h(Failure, { error, what: accept ? 'Not accepted' : 'Not dismissed' }),
      h('div.form-actions', h(Button, { kind: 'main', busy, onClick: act }, accept ? 'Accept the meter' : 'Dismiss it'), h(Button, { onClick: onClose }, 'Cancel'), accept && error && h('a.btn', { href: '/meters/import' }, 'Import a shipment'))));
}
