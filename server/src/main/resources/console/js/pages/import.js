// A shipment of meters: chosen, tried without changing anything, then imported.
import { h, many, useRef, useState } from '../dom.js';
import { call } from '../api.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Icon, Mark } from '../icons.js';
import { Button, Empty, Failure, csv, download, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { MeterTabs } from './meters.js';

const MOST = 64 * 1024 * 1024;
const ERRORS_SHOWN = 200;

const typeOf = (file) => (/\.xml$/i.test(file.name) || /xml/.test(file.type) ? 'application/xml' : 'text/csv');

export default function Import({ who }) {
  useTitle('Import a shipment');
  const [file, setFile] = useState(null);
  const [tried, setTried] = useState(null);
  const [done, setDone] = useState(null);
  const [busy, setBusy] = useState('');
  const [error, setError] = useState(null);
  const text = useRef('');
  const send = (dryRun) => call('POST', '/meters/import', { query: { dryRun }, text: text.current, type: typeOf(file || {}) });
  const run = async (what, work) => {
    setBusy(what);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy('');
    }
  };
  const choose = (chosen) => chosen && run('try', async () => {
    setFile(chosen);
    setTried(null);
    setDone(null);
    if (chosen.size > MOST) throw new Error(`the file has ${Math.round(chosen.size / 1e6)} MB; split it, or use ./gridwarden meters import`);
    text.current = await chosen.text();
    setTried(await call('POST', '/meters/import', { query: { dryRun: true }, text: text.current, type: typeOf(chosen) }));
  });
  const commit = () => run('import', async () => { setDone(await send(false)); setTried(null); });
  const again = () => { setFile(null); setTried(null); setDone(null); setError(null); text.current = ''; };
  return many(
    h('header.page-head', h('h1', 'Meters'), h(MeterTabs, { here: '/meters/import', who })),
    !may(who, 'operator')
      ? h(Empty, { icon: 'upload', heading: 'Importing is for operators' }, 'Ask one, or a security administrator for the role.')
      : h('div.import',
        !file && h(Choose, { onChoose: choose }),
        file && h('p.import-file', h(Icon, { name: 'upload' }), h('span.mono', file.name), h('span.dim', `${count(Math.ceil(file.size / 1024))} KiB`), h('button.link', { type: 'button', onClick: again }, 'Another file')),
        busy === 'try' && h('p.dim', { role: 'status' }, 'Trying it, nothing is changed…'),
        error && h(Failure, { error, what: 'The shipment could not be read', onRetry: file && !tried ? () => choose(file) : undefined }),
        tried && h(Tried, { result: tried, busy, onImport: commit }),
        done && h(Done, { result: done })));
}

function Choose({ onChoose }) {
  const [over, setOver] = useState(false);
  const stop = (e) => e.preventDefault();
  return many(
    h('label.drop', { class: over ? 'is-over' : '', onDragOver: (e) => { stop(e); setOver(true); }, onDragLeave: () => setOver(false), onDrop: (e) => { stop(e); setOver(false); onChoose(e.dataTransfer.files[0]); } },
      h(Icon, { name: 'upload', size: 24 }), h('strong', 'Choose a shipment file, or drop it here'), h('span.dim', 'CSV or XML. It is tried first: nothing changes until you say so.'),
      h('input.offscreen', { type: 'file', accept: '.csv,.xml,text/csv,application/xml', onChange: (e) => onChoose(e.currentTarget.files[0]) })),
    h('div.import-help', h('h2', 'What the file holds'),
      h('p', 'A line a meter: ', h('code', 'serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak'), ' and, where there is one, ', h('code', 'gbek'), '. For meters that are read: ', h('code', 'address,link,client,companion'), '.'),
      h('p', 'Keys are wrapped to the office’s public key, which the maker needs: ', h('a', { href: '/api/v1/office-key', download: 'office-key.pem' }, 'download it'), '. Plain keys are refused.')));
}

function Rejected({ list }) {
  const columns = [
    { id: 'line', name: 'Line', num: true, cell: (r) => count(r.line) },
    { id: 'field', name: 'Field', cell: (r) => h('span.mono', r.field || '–') },
    { id: 'error', name: 'What is wrong', wrap: true, cell: (r) => r.error },
  ];
  return many(h('div.import-errors', h(Table, { caption: 'Lines refused', columns, rows: list.slice(0, ERRORS_SHOWN), keyOf: (r) => `${r.line} ${r.field} ${r.error}` })),
    list.length > ERRORS_SHOWN && h('p.dim', `The first ${ERRORS_SHOWN} of ${count(list.length)} are shown.`),
    h('div.actions', h(Button, { icon: 'download', onClick: () => download('refused-lines.csv', csv([['line', 'field', 'error'], ...list.map((r) => [r.line, r.field, r.error])]), 'text/csv') }, 'These as CSV')));
}

function Tried({ result, busy, onImport }) {
  const bad = result.rejected.length;
  return h('section.import-result', { 'aria-live': 'polite' },
    h('p.import-verdict', h(Mark, { state: bad ? 'fault' : 'fine' }), h('strong', bad ? `${plural(bad, 'error')} in ${plural(result.rejectedMeters ?? bad, 'line')}: nothing of it can be imported yet` : `All ${plural(result.accepted, 'meter')} can be imported`), !bad && result.unchanged > 0 && h('span.dim', `${count(result.unchanged)} are known as they stand.`)),
    h('p.dim', bad ? 'A shipment is taken as a whole or not at all. Mend these lines and choose the file again; nothing has been changed.' : 'This was a trial: nothing has been changed.'),
    bad > 0 && h(Rejected, { list: result.rejected }),
    !bad && h('div.actions', h(Button, { kind: 'main', busy: busy === 'import', disabled: !result.accepted, onClick: onImport }, busy === 'import' ? 'Importing…' : `Import ${plural(result.accepted, 'meter')}`)));
}

function Done({ result }) {
  if (result.rejected.length) return h(Tried, { result });
  return h('section.import-result', { role: 'status' },
    h('p.import-verdict', h(Icon, { name: 'check' }), h('strong', `${plural(result.accepted, 'meter')} imported.`)),
    h('div.actions', h('a.btn.btn-main', { href: '/meters' }, 'See the meters')));
}
