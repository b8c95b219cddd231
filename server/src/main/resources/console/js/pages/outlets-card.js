// A power strip's outlets: how each is called and where it is, whether it is on and in use, what it takes, and the day's energy.
import { h, many, useCallback, useEffect, useRef, useState } from '../dom.js';
import { asPage, call, get, post, useResource } from '../api.js';
import { go } from '../router.js';
import { useLive } from '../live.js';
import { may } from '../session.js';
import { clock, dateTime, decimal, fixed, stateOf } from '../format.js';
import { Ago, At, Button, Dialog, Failure, Field, Loaded, toast } from '../parts.js';

const path = (meter, rest = '') => `/meters/${encodeURIComponent(meter)}/outlets${rest}`;

/** The outlets of a meter, again whenever it has told something. */
export function useOutlets(meter) {
  const list = useResource(`outlets ${meter}`, (signal) => get(path(meter), {}, signal).then((a) => asPage(a).items), { every: 30000 });
  const timer = useRef(0);
  useLive(useCallback((batch) => {
    if (timer.current || !batch.some((e) => e.type === 'momentary' && e.meter === meter)) return;
    timer.current = setTimeout(() => {
      timer.current = 0;
      list.reload();
    }, 2000);
  }, [meter]));
  useEffect(() => () => clearTimeout(timer.current), []);
  return list;
}

const nameOf = (o) => o.name || `Outlet ${o.outlet}`;

export function Outlets({ meter, who }) {
  const list = useOutlets(meter.id);
  const [naming, setNaming] = useState(null);
  const [turning, setTurning] = useState(null);
  const names = may(who, 'MANAGE_METERS');
  const turns = may(who, 'operator') && stateOf(meter) === 'active';
  return h('section.card.outlets', h('header.card-head', h('h2', 'Outlets')),
    h(Loaded, { of: list, rows: 4, what: 'The outlets could not be loaded' }, (items) => h(OutletTable, { items, zone: meter.zone, onName: names && setNaming, onTurn: turns && setTurning })),
    turning && h(Turning, { meter: meter.id, outlet: turning, onClose: () => setTurning(null) }),
    naming && h(Naming, { meter: meter.id, outlet: naming, onClose: () => setNaming(null), onDone: list.reload }));
}

/** Also on consumers' own pages, where nobody names or switches anything. */
export function OutletTable({ items, zone, onName, onTurn }) {
  const acts = Boolean(onName || onTurn);
  const most = Math.max(...items.map((o) => Number(o.today) || 0), 1);
  const taken = items.reduce((sum, o) => sum + (Number(o.watts) || 0), 0);
  const day = items.reduce((sum, o) => sum + (Number(o.today) || 0), 0);
  const part = items.some((o) => o.today !== null && !o.wholeDay);
  return many(h('div.table-wrap', { tabIndex: 0, role: 'region', 'aria-label': 'Outlets' }, h('table.outlet-table',
    h('thead', h('tr', h('th.num', { scope: 'col' }, 'No.'), h('th', { scope: 'col' }, 'What and where'), h('th', { scope: 'col' }, 'Use'), h('th.num', { scope: 'col' }, 'Now', h('span.unit', 'W')), h('th', { scope: 'col' }, 'Today', h('span.unit', 'kWh')), acts && h('th', { scope: 'col' }, h('span.offscreen', 'What can be done')))),
    h('tbody', items.map((o) => h('tr', { key: o.outlet },
      h('td.num', o.outlet),
      h('td', h('strong', nameOf(o)), h('span.outlet-where', [o.place, o.appliance].filter(Boolean).join(', ') || h('span.dim', 'no place yet'))),
      h('td', h(Use, { outlet: o, zone })),
      h('td.num', o.watts === null ? h('span.dim', '–') : fixed(Number(o.watts), 1)),
      h('td', h(Day, { outlet: o, most })),
      acts && h('td.outlet-acts', onName && h(Button, { small: true, onClick: () => onName(o), label: `Name outlet ${o.outlet}` }, 'Name…'), onTurn && o.on !== null && h(Button, { small: true, onClick: () => onTurn(o), label: `Switch outlet ${o.outlet} ${o.on ? 'off' : 'on'}` }, o.on ? 'Off…' : 'On…'))))),
    h('tfoot', h('tr', h('td'), h('th', { scope: 'row' }, 'All together'), h('td'), h('td.num', fixed(taken, 1)), h('td', h('span.outlet-sum', fixed(day / 1000, 3))), acts && h('td'))))),
    part && h('p.card-note', '* since the day’s first report, not since midnight'));
}

/** In use, idle or off in a word, with its sign, and since when. */
function Use({ outlet, zone }) {
  if (outlet.on === false) return h('span.outlet-use', h('i.outlet-dot.is-off'), 'Switched off');
  if (outlet.inUse === null) return h('span.outlet-use.dim', h('i.outlet-dot'), outlet.told ? many('Not heard since ', h(Ago, { at: outlet.told, zone })) : 'Not heard yet');
  const since = Date.parse(outlet.since);
  const text = Date.now() - since < 20 * 3600e3 ? clock(since, zone) : dateTime(since, zone, { seconds: false, year: false });
  return h('span.outlet-use', { class: outlet.inUse ? '' : 'dim', title: outlet.inUse ? `Takes more than ${outlet.standbyWatts} W` : `Takes ${outlet.standbyWatts} W or less` },
    h('i.outlet-dot', { class: outlet.inUse ? 'is-used' : '' }), outlet.inUse ? 'In use' : 'Idle', h('span.dim', outlet.longer ? ' from before ' : ' since ', h(At, { at: outlet.since, zone, text })));
}

function Day({ outlet, most }) {
  if (outlet.today === null) return h('span.dim', 'not known yet');
  const kwh = Number(outlet.today) / 1000;
  return h('span.outlet-day', { title: outlet.wholeDay ? `${decimal(outlet.today)} Wh since midnight` : `${decimal(outlet.today)} Wh since today's first report` },
    h('span.outlet-bar', { 'aria-hidden': 'true' }, h('i', { style: { width: `${(100 * Number(outlet.today)) / most}%` } })), h('span.outlet-kwh', fixed(kwh, 3), !outlet.wholeDay && '*'));
}

/** An order as any other: drafted here, let through by a second person, signed, and followed on its own page. */
function Turning({ meter, outlet, onClose }) {
  const to = outlet.on ? 'off' : 'on';
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const drafted = await post('/commands', { meter, action: 'configure', parameters: { attribute: `0.${outlet.outlet}.96.3.10.255:70:2`, value: outlet.on ? 'AwA=' : 'AwE=' }, reason: reason.trim() });
      go(`/commands/${encodeURIComponent(drafted.items[0].id)}`);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return h(Dialog, { title: `Switch ${nameOf(outlet)} ${to}`, onClose }, h('form.form', { onSubmit: submit },
    h('p', outlet.on ? 'What is plugged in has no power from then on, until the outlet is switched on again, here or by hand.' : 'What is plugged in has power again, and may begin to work at once.', ' The order is drafted now; another person lets it through, and you sign it.'),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 500, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not drafted' }),
    h('div.form-actions', h('button.btn', { type: 'submit', class: 'btn-main', disabled: busy || !reason.trim() }, 'Draft the order'), h(Button, { onClick: onClose }, 'Leave it'))));
}

function Naming({ meter, outlet, onClose, onDone }) {
  const [said, say] = useState({ name: outlet.name, place: outlet.place, appliance: outlet.appliance, standbyWatts: String(outlet.standbyWatts) });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const fine = /^\d{1,4}$/.test(said.standbyWatts) && Number(said.standbyWatts) <= 5000;
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await call('PUT', path(meter, `/${outlet.outlet}`), { json: { ...said, standbyWatts: Number(said.standbyWatts) } });
      toast(`Outlet ${outlet.outlet} is ${said.name.trim() ? `“${said.name.trim()}”` : 'without a name'}.`);
      onDone();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const word = (field, label, hint) => h(Field, { label, hint }, h('input', { type: 'text', maxLength: 64, value: said[field], autocomplete: 'off', onInput: (e) => say({ ...said, [field]: e.currentTarget.value }) }));
  return h(Dialog, { title: `Outlet ${outlet.outlet} of ${meter}`, onClose }, h('form.form', { onSubmit: submit },
    word('name', 'Name', 'As people call it: fridge'), word('place', 'Place', 'Where it is: kitchen'), word('appliance', 'Appliance', 'What is plugged in, where more is known: its make, its year'),
    h(Field, { label: 'Stands by up to', hint: 'With more, it is in use', error: fine ? undefined : 'Whole watts, 0 to 5000' }, h('span.with-unit', h('input', { type: 'text', inputMode: 'numeric', value: said.standbyWatts, autocomplete: 'off', onInput: (e) => say({ ...said, standbyWatts: e.currentTarget.value.trim() }) }), h('span.unit', 'W'))),
    error && h(Failure, { error, what: 'Not changed' }),
    h('div.form-actions', h('button.btn', { type: 'submit', class: 'btn-main', disabled: busy || !fine }, 'Save'), h(Button, { onClick: onClose }, 'Leave it'))));
}
