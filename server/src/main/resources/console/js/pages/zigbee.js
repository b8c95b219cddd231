// Zigbee's networks: who is inside, who knocked and waits, and letting a device in by what is printed on it.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, useResource } from '../api.js';
import { may } from '../session.js';
import { count, plural, span } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Dialog, Empty, Failure, Field, Id, Loaded, toast, useTitle } from '../parts.js';
import { Table } from '../table.js';
import { MeterTabs } from './meters.js';

const STATES = {
  unknown: ['Unknown', 'security', 'It knocked, and nobody named it'],
  silent: ['Silent', 'attention', 'It should report, and has not for long'],
  expected: ['Expected', 'muted', 'Its install code was told; it has not come yet'],
  joined: ['Joined', 'fine', 'It is in the network'],
  left: ['Left', 'muted', 'It left, or was sent away'],
};
const RANK = Object.keys(STATES);
const byNeed = (a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state) || a.eui64.localeCompare(b.eui64);
const path = (coordinator, rest) => `/zigbee/${encodeURIComponent(coordinator)}/${rest}`;

export default function Zigbee({ who }) {
  useTitle('Zigbee');
  const list = useResource('zigbee', (signal) => get('/zigbee', {}, signal).then(asPage), { every: 5000 });
  const [dialog, ask] = useState(null);
  const close = () => { ask(null); list.reload(); };
  return many(
    h('header.page-head', h('h1', 'Meters'), h(MeterTabs, { here: '/meters/zigbee', who })),
    h(Loaded, { of: list, rows: 6, what: 'The networks could not be loaded' }, (data) => data.items.length
      ? h('div.stack-cards', data.items.map((c) => h(Network, { key: c.name, of: c, who, ask })))
      : h(Empty, { icon: 'meters', heading: 'No Zigbee coordinator' }, 'A dongle at a serial port of the server would stand here, with the meters of its network: name it under channels.zigbee.coordinators.')),
    dialog && h(dialog.view, { ...dialog, onClose: close }));
}

function Network({ of, who, ask }) {
  const admits = may(who, 'MANAGE_METERS');
  const changes = may(who, 'MANAGE_KEYS') && of.type === 'ezsp';
  const devices = [...of.devices].sort(byNeed);
  const strangers = devices.filter((d) => d.state === 'unknown').length;
  const columns = [
    { id: 'eui64', name: 'Address', cell: (d) => h(Id, { value: d.eui64 }) },
    { id: 'state', name: 'State', cell: (d) => h('span.state', { class: `is-${STATES[d.state][1]}`, title: STATES[d.state][2] }, h(Mark, { state: STATES[d.state][1] }), STATES[d.state][0]) },
    { id: 'meter', name: 'Meter', cell: (d) => (d.meter ? h(Id, { value: d.meter, link: `/meters/${encodeURIComponent(d.meter)}` }) : h('span.dim', '–')) },
    { id: 'tunnel', name: 'Tunnel', low: true, cell: (d) => (d.tunnel ? 'open' : h('span.dim', d.state === 'joined' || d.state === 'silent' ? 'none yet' : '–')) },
    { id: 'heard', name: 'Last heard', cell: (d) => h(Ago, { at: d.heard, none: '–' }) },
    { id: 'quality', name: 'Last hop', unit: 'of 255', num: true, low: true, cell: (d) => (d.quality === null ? h('span.dim', '–') : count(d.quality)) },
    { id: 'short', name: 'Short', low: true, cell: (d) => h('span.mono', d.address || '–') },
    ...(admits ? [{ id: 'act', name: 'Act', bare: true, num: true, cell: (d) => h('span.row-acts',
      ['unknown', 'expected', 'left'].includes(d.state) && h(Button, { small: true, onClick: () => ask({ view: Admit, coordinator: of, device: d }), label: `Let ${d.eui64} in` }, 'Let in'),
      h(Button, { small: true, kind: 'quiet', onClick: () => ask({ view: Remove, coordinator: of, device: d }), label: `Remove ${d.eui64}` }, 'Remove')) }] : []),
  ];
  return h('section.card', { 'aria-label': `Coordinator ${of.name}` },
    h('header.card-head', h('h2', of.name),
      h('span.state', { class: `is-${of.up ? 'fine' : 'fault'}` }, h(Mark, { state: of.up ? 'fine' : 'fault' }), of.up ? 'Network up' : 'No line to the dongle'),
      of.openSeconds > 0 && h('span.state.is-attention', h(Mark, { state: 'attention' }), `Open for ${span(of.openSeconds)}`)),
    h('div.card-body',
      h('p.dim', h('span.mono', of.port), `, ${of.type === 'xbee' ? 'XBee' : 'Ember'}`, of.network && many(', network ', h('span.mono', of.network)), of.keyChanged && many(`, key ${of.keyNumber} since `, h(At, { at: of.keyChanged }), ` told to ${plural(of.keyTold, 'device')}`)),
      strangers > 0 && h('p.lead', strangers === 1 ? 'One device asks to be let in and nobody named it. It stays out until somebody with its label lets it in.' : `${count(strangers)} devices ask to be let in and nobody named them. They stay out until somebody with their labels lets them in.`),
      (admits || changes) && h('div.toolbar',
        admits && h(Button, { icon: 'plus', kind: 'main', onClick: () => ask({ view: Admit, coordinator: of }) }, 'Let a device in'),
        admits && h(Button, { onClick: () => ask({ view: Permit, coordinator: of }) }, 'Open the network'),
        changes && h(Button, { onClick: () => ask({ view: Refresh, coordinator: of }) }, 'Change the network key'))),
    devices.length ? h(Table, { caption: `Devices of ${of.name}`, columns, rows: devices, keyOf: (d) => d.eui64 })
      : h(Empty, { heading: 'No device yet' }, 'Let one in by the address and install code on its label.'));
}

/** A form whose act is ordered at the coordinator. */
function Form({ title, onClose, act, verb, danger, ready = true, done, children }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await act();
      toast(done);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title, onClose }, h('form.form', { onSubmit: submit, autocomplete: 'off' }, children,
    error && h(Failure, { error, what: 'Not done' }),
    h('div.form-actions', h(`button.btn.btn-${danger ? 'danger' : 'main'}`, { type: 'submit', disabled: busy || !ready, 'aria-busy': String(busy) }, verb), h(Button, { onClick: onClose }, 'Cancel'))));
}

const Line = ({ of }) => !of.up && h('p.dim', 'There is no line to the dongle now: it is done once there is one.');

function Admit({ coordinator, device, onClose }) {
  const [form, set] = useState({ eui64: device?.eui64 || '', installCode: '', meter: device?.meter || '', seconds: 180 });
  const put = (key) => (e) => set({ ...form, [key]: e.currentTarget.value });
  const text = (key, more) => h('input', { type: 'text', value: form[key], required: true, autocomplete: 'off', spellcheck: false, onInput: put(key), ...more });
  return h(Form, { title: `Let a device into ${coordinator.name}`, onClose, verb: 'Let it in', done: `${form.eui64} may join for ${form.seconds} s.`, ready: form.eui64.trim() && form.installCode.trim() && form.meter.trim(),
    act: () => call('POST', path(coordinator.name, 'admit'), { json: { ...form, seconds: Number(form.seconds) } }) },
  h(Field, { label: 'Address', hint: '16 hexadecimal digits, as on its label.' }, text('eui64', { class: 'mono', readOnly: Boolean(device), maxLength: 40 })),
  h(Field, { label: 'Install code', hint: 'Beside it, with its check digits. It goes to the dongle, is kept nowhere and never shown again.' }, text('installCode', { class: 'mono', maxLength: 80 })),
  h(Field, { label: 'Meter', hint: 'Which meter of this office it is: what it says itself counts for nothing.' }, text('meter', { class: 'mono', maxLength: 64 })),
  h(Field, { label: 'Open for', hint: 'Seconds, at most 254.' }, h('input', { type: 'number', value: form.seconds, min: 1, max: 254, required: true, onInput: put('seconds') })),
  h(Line, { of: coordinator }));
}

function Permit({ coordinator, onClose }) {
  const [seconds, set] = useState(180);
  return h(Form, { title: `Open ${coordinator.name}`, onClose, verb: 'Open it', done: `${coordinator.name} stands open for ${seconds} s.`, act: () => call('POST', path(coordinator.name, 'permit'), { json: { seconds: Number(seconds) } }) },
    h('p', 'For devices that were named before and are not in yet, or come back. Nobody comes in whose install code was not told.'),
    h(Field, { label: 'Open for', hint: 'Seconds, at most 254.' }, h('input', { type: 'number', value: seconds, min: 1, max: 254, required: true, onInput: (e) => set(e.currentTarget.value) })),
    h(Line, { of: coordinator }));
}

function Remove({ coordinator, device, onClose }) {
  const inside = ['joined', 'silent'].includes(device.state);
  return h(Form, { title: `Remove ${device.eui64}`, onClose, verb: 'Remove it', danger: true, done: `${device.eui64} is being removed.`, act: () => call('DELETE', path(coordinator.name, `devices/${device.eui64}`)) },
    h('p', inside ? `It is sent away and forgotten${device.meter ? `: ${device.meter} is reached no longer, and reports nothing more this way` : ''}. To come back it needs its install code anew.` : 'It is struck off this list. If it knocks again it stands here again.'),
    inside && h('p', 'It has had the network’s key: change that on the air where the device is not in your hands.'),
    h(Line, { of: coordinator }));
}

function Refresh({ coordinator, onClose }) {
  const inside = coordinator.devices.filter((d) => ['joined', 'silent'].includes(d.state)).length;
  return h(Form, { title: `Change the network key of ${coordinator.name}`, onClose, verb: 'Change it', done: `${coordinator.name} gives its devices another key.`, ready: inside > 0, act: () => call('POST', path(coordinator.name, 'refresh-key')) },
    h('p', `${plural(inside, 'device')} ${inside === 1 ? 'is' : 'are'} told another key, each under its own link key, and then all switch. Whoever has the present key only is shut out.`),
    h('p', 'It takes some seconds for each ten devices. A device that is off meanwhile misses it and is silent afterwards: remove it and let it in anew.'),
    h(Line, { of: coordinator }));
}
