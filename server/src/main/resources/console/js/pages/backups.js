// Backups: how old the newest is, one more now, whether all parts are there, and how the office comes back from one.
import { h, many, useEffect, useState } from '../dom.js';
import { call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Empty, Failure, Loaded, healthMark, toast } from '../parts.js';
import { Table } from '../table.js';

const UNITS = [['GB', 1e9], ['MB', 1e6], ['kB', 1e3]];
const size = (bytes) => { const [unit, of] = UNITS.find(([, n]) => bytes >= n) || ['B', 1]; return `${(bytes / of).toFixed(of > 1 ? 1 : 0)} ${unit}`; };

export function Backups({ who }) {
  const state = useResource('backups', (signal) => get('/backups', {}, signal), { every: 5000 });
  return h(Loaded, { of: state, rows: 6, what: 'The backups could not be loaded' }, (b) => many(
    h(Standing, { b, acts: may(who, 'OPERATE') || may(who, 'MANAGE_KEYS'), reload: state.reload }),
    b.items.length > 0 && h(List, { b }),
    h(Coming, { b })));
}

function Standing({ b, acts, reload }) {
  const [busy, setBusy] = useState('');
  const [error, setError] = useState(null);
  const [waits, wait] = useState(false);
  useEffect(() => { if (waits && !b.running) { wait(false); toast('The backup has come to its end.'); } }, [waits, b.running]);
  const act = async (what, to, done) => {
    setBusy(what);
    setError(null);
    try {
      done(await call('POST', to));
      reload();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy('');
    }
  };
  const mark = healthMark(b.state.state);
  if (!b.on) {
    return h('section.card', h('header.card-head', h('h2', 'Backups')), h(Empty, { icon: 'security', heading: 'This server makes no backups' }, 'Make a key, whose file and passphrase are kept away from here, say where backups go, and start the server again:'),
      h('div.card-body', h('pre.lines', './gridwarden backup key new /media/safe/backup.key --data DATA\n\nbackup: {repository: /mnt/backups, configuration: gridwarden.yaml}')));
  }
  return h('section.card', h('header.card-head', h('h2', 'Backups'), b.running && h('span.dim', 'one is being made since ', h(At, { at: b.running }))),
    h('div.card-body.form',
      h('p.state', { class: `is-${mark}` }, h(Mark, { state: mark }), h('span', b.state.detail.charAt(0).toUpperCase() + b.state.detail.slice(1))),
      h('dl.facts', h('dt', 'Where'), h('dd.mono', b.repository), h('dt', 'How many'), h('dd', count(b.items.length)),
        h('dt', 'Parts'), h('dd', b.checked ? many(b.checked.findings.length ? h('span.is-fault', h(Mark, { state: 'fault' }), ` ${plural(b.checked.findings.length, 'finding')}`) : h('span', h(Mark, { state: 'fine' }), ` all ${count(b.checked.chunks)} are there`), ', looked at ', h(Ago, { at: b.checked.at })) : 'not looked at since the start')),
      b.checked?.findings.length > 0 && h('ul', b.checked.findings.map((f) => h('li', { key: f }, f))),
      acts && h('div.form-actions',
        h(Button, { kind: 'main', busy: busy === 'make', disabled: Boolean(b.running), onClick: () => act('make', '/backups', () => { wait(true); toast('A backup is being made.'); }) }, 'Back up now'),
        h(Button, { busy: busy === 'check', onClick: () => act('check', '/backups/check', (c) => toast(c.findings.length ? 'Not all is there.' : 'All parts are there.', c.findings.length ? 'fault' : 'fine')) }, 'Look at their parts')),
      error && h(Failure, { error, what: 'Not done' }),
      h('p.dim', 'What is in the parts only the key tells, which is not here: ', h('code', './gridwarden backup verify --deep'), ' below.')));
}

function List({ b }) {
  const columns = [
    { id: 'taken', name: 'Taken', cell: (s) => h(At, { at: s.taken }) },
    { id: 'age', name: 'Age', low: true, cell: (s) => h(Ago, { at: s.taken }) },
    { id: 'bytes', name: 'Size', num: true, cell: (s) => size(s.bytes) },
    { id: 'new', name: 'New', num: true, cell: (s) => size(s.newBytes) },
    { id: 'database', name: 'Database', low: true, cell: (s) => (s.database === 'embedded' ? 'in it' : h('span.is-attention', h(Mark, { state: 'attention' }), ' elsewhere')) },
    { id: 'damages', name: 'Damaged pages', low: true, num: true, cell: (s) => (s.damages ? h('span.is-fault', h(Mark, { state: 'fault' }), ` ${count(s.damages)}`) : '0') },
    { id: 'name', name: 'Name', low: true, cell: (s) => h('span.mono', s.snapshot) },
  ];
  return h('section.card', h('header.card-head', h('h2', 'Which there are')), h(Table, { caption: 'Backups', columns, rows: b.items, keyOf: (s) => s.snapshot }));
}

function Coming({ b }) {
  const repository = b.repository || '/mnt/backups';
  return h('section.card', h('header.card-head', h('h2', 'How the office comes back')), h('div.card-body.form',
    h('p', 'With the repository, the key’s file and its passphrase, on a machine that has nothing but Gridwarden. Try it before you need it.'),
    h('pre.lines', { tabIndex: 0, 'aria-label': 'Commands' }, [
      `./gridwarden backup verify --repository ${repository} --key /media/safe/backup.key --deep`, '',
      `./gridwarden restore --repository ${repository} --key /media/safe/backup.key --into gridwarden-data`,
      'cp gridwarden-data/configuration/gridwarden.yaml gridwarden.yaml',
      './gridwarden server --config gridwarden.yaml',
    ].join('\n')),
    h('p.dim', 'The office that was lost must not come back. What was revoked since the backup is revoked again by hand: users, operators’ keys, certificates.')));
}
