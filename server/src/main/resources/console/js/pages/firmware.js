// Firmware: what the fleet runs, which images and makers there are, and the campaigns that bring one to all.
import { h, many, useState } from '../dom.js';
import { asPage, call, get, post, useResource } from '../api.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Ago, Button, Empty, Failure, Field, Id, Loaded, toast, useTitle } from '../parts.js';
import { CampaignMark, Legend, Rings, campaignPath } from '../firmware.js';
import { CommandTabs } from './commands.js';

const MOST = 64 * 1024 * 1024;
const SHADES = 5;

const load = (signal) => Promise.all([get('/firmware/inventory', {}, signal), get('/firmware/images', {}, signal), get('/firmware/keys', {}, signal), get('/firmware/campaigns', {}, signal)].map((p) => p.then((a) => asPage(a).items)))
  .then(async ([inventory, images, makers, campaigns]) => {
    const shown = campaigns.slice(0, 20);
    const reports = await Promise.all(shown.map((c) => get(`/firmware/campaigns/${c.id}`, {}, signal)));
    return { inventory, images, makers, reports, more: campaigns.length - shown.length };
  });

export default function Firmware({ who }) {
  useTitle('Firmware');
  const all = useResource('firmware', load, { every: 10000 });
  const operates = may(who, 'operator');
  return many(
    h('header.page-head', h('h1', 'Commands'), h(CommandTabs, { here: '/firmware' }), operates && h('a.btn.btn-main.push', { href: '/firmware/new' }, 'Start a campaign')),
    h(Loaded, { of: all, rows: 10, what: 'The firmware could not be loaded', still: 'Campaigns that run go on.' }, (data) => h('div.firmware-page',
      h('div.firmware-main', h(Campaigns, { data, operates }), h(Fleet, { counts: data.inventory })),
      h('div.firmware-side', h(Images, { data, operates, onChange: all.reload }), h(Makers, { makers: data.makers, administers: may(who, 'security-administrator'), onChange: all.reload })))));
}

function Campaigns({ data, operates }) {
  if (!data.reports.length) {
    return h('section.card', h('header.card-head', h('h2', 'Campaigns')), h(Empty, { icon: 'upload', heading: 'No campaign yet', action: operates && data.images.length > 0 && h('a.btn', { href: '/firmware/new' }, 'Start one') },
      'A campaign brings an image to all meters of its model, ring by ring: a few canaries first, and on only while updated meters keep talking.'));
  }
  return h('section.card', h('header.card-head', h('h2', 'Campaigns'), h(Legend)),
    h('ul.plain.campaigns', data.reports.map((r) => h('li', { key: r.campaign.id },
      h('div.campaign-name', h('a', { href: campaignPath(r.campaign.id) }, h('strong', r.campaign.model, ' ', r.campaign.version)), h(CampaignMark, { campaign: r.campaign }), h('span.dim', r.campaign.startedBy, ', ', h(Ago, { at: r.campaign.started }))),
      h(Rings, { report: r }),
      h('p.dim', r.campaign.why)))),
    data.more > 0 && h('p.card-note', `${plural(data.more, 'older campaign')}.`));
}

/** Versions by model as bars, the newest version first; each with its figure, so that no shade says anything alone. */
function Fleet({ counts }) {
  const models = Map.groupBy ? Map.groupBy(counts, (c) => c.model) : counts.reduce((m, c) => m.set(c.model, [...(m.get(c.model) || []), c]), new Map());
  return h('section.card', h('header.card-head', h('h2', 'What the fleet runs'), h('span.dim', plural(counts.reduce((n, c) => n + c.meters, 0), 'meter'), ' with a known version')),
    counts.length ? h('div.card-body.fleet', [...models].map(([model, list]) => {
      const total = list.reduce((n, c) => n + c.meters, 0);
      return h('div.fleet-model', { key: model }, h('h3', model, h('span.dim', plural(total, 'meter'))),
        h('div.fleet-bar', { 'aria-hidden': 'true' }, list.map((c, i) => h('i', { key: c.version, class: `shade-${Math.min(i, SHADES - 1)}`, style: { flexGrow: c.meters }, title: `${c.version}: ${c.meters}` }))),
        h('ul.plain.fleet-versions', list.map((c, i) => h('li', { key: c.version }, h('i', { class: `shade-${Math.min(i, SHADES - 1)}`, 'aria-hidden': 'true' }), h('span.mono', c.version), h('span', count(c.meters)), h('span.dim', `${Math.round((100 * c.meters) / total)} %`)))));
    })) : h(Empty, { icon: 'meters', heading: 'Nobody said what meters run' }, 'A meter’s own receipt of an update says it, or its inventory: ./gridwarden firmware meter ID --model GW-1 --version 1.0.0'));
}

function Images({ data, operates, onChange }) {
  const [adding, setAdding] = useState(false);
  return h('section.card', h('header.card-head', h('h2', 'Images'), operates && !adding && h('span.push', h(Button, { small: true, onClick: () => setAdding(true) }, 'Take one in'))),
    adding && h(AddImage, { onClose: () => setAdding(false), onDone: onChange }),
    data.images.length ? h('ul.plain.items', data.images.map((i) => h('li', { key: i.sha256 }, h('div', h('strong', i.model, ' ', h('span.mono', i.version)), h('p.dim', i.addedBy, ', ', h(Ago, { at: i.added }))), h(Id, { value: `${i.sha256.slice(0, 12)}…`, whole: i.sha256, name: 'the hash' }))))
      : !adding && h(Empty, { heading: 'No image yet' }, 'An image comes with its maker’s signature: firmware image sign makes it, offline.'));
}

function useSend(onDone) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const send = async (act, said) => {
    setBusy(true);
    setError(null);
    try {
      await act();
      toast(said);
      onDone();
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, send };
}

const base64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
};

function AddImage({ onClose, onDone }) {
  const [image, setImage] = useState(null);
  const [signature, setSignature] = useState(null);
  const { busy, error, send } = useSend(onDone);
  const submit = async (event) => {
    event.preventDefault();
    const taken = await send(async () => {
      if (image.size > MOST) throw new Error('an image has at most 64 MiB');
      if (signature.size > 16384) throw new Error('a signature is a small file, made by firmware image sign');
      await call('POST', '/firmware/images', { query: { signature: await base64(signature) }, text: image, type: 'application/octet-stream' });
    }, 'The image is taken in.');
    if (taken) onClose();
  };
  const file = (label, hint, set) => h(Field, { label, hint }, h('input', { type: 'file', required: true, onChange: (e) => set(e.currentTarget.files[0]) }));
  return h('form.form.card-body.inset', { onSubmit: submit },
    file('Image', 'As the maker built it.', setImage), file('Signature', 'The signed manifest that came with it.', setSignature),
    error && h(Failure, { error, what: 'Not taken in' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !image || !signature }, 'Take it in'), h(Button, { onClick: onClose }, 'Leave it')));
}

function Makers({ makers, administers, onChange }) {
  const [adding, setAdding] = useState(false);
  return h('section.card', h('header.card-head', h('h2', 'Makers’ keys'), administers && !adding && h('span.push', h(Button, { small: true, onClick: () => setAdding(true) }, 'Add one'))),
    adding && h(AddMaker, { onClose: () => setAdding(false), onDone: onChange }),
    makers.length ? h('ul.plain.items', makers.map((m) => h('li', { key: m.keyId }, h('div', h('strong', m.name), h('p.dim', m.addedBy, ', ', h(Ago, { at: m.added }), m.revoked && ', revoked')), h(Id, { value: m.keyId }))))
      : !adding && h(Empty, { heading: 'No maker’s key' }, administers ? 'Only images that a known maker signed are taken.' : 'A security administrator adds a maker’s public key; until then no image is taken.'));
}

function AddMaker({ onClose, onDone }) {
  const [name, setName] = useState('');
  const [pem, setPem] = useState('');
  const { busy, error, send } = useSend(onDone);
  const submit = async (event) => {
    event.preventDefault();
    const spki = pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, '');
    if (await send(() => post('/firmware/keys', { name: name.trim(), spki }), 'The key is taken.')) onClose();
  };
  return h('form.form.card-body.inset', { onSubmit: submit },
    h(Field, { label: 'Maker' }, h('input', { required: true, maxLength: 100, value: name, onInput: (e) => setName(e.currentTarget.value) })),
    h(Field, { label: 'Public key', hint: 'PEM, on P-256. Read its fingerprint to each other first, by another way.' }, h('textarea', { class: 'mono', rows: 4, required: true, spellcheck: false, value: pem, onInput: (e) => setPem(e.currentTarget.value) })),
    error && h(Failure, { error, what: 'Not taken' }),
    h('div.form-actions', h('button.btn.btn-main', { type: 'submit', disabled: busy || !name.trim() || !pem.trim() }, 'Take it'), h(Button, { onClick: onClose }, 'Leave it')));
}
