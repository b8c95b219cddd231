// A campaign is begun: the image, the plan, the reason; first what it would do, then the start.
import { h, many, useState } from '../dom.js';
import { asPage, get, post, useResource } from '../api.js';
import { go } from '../router.js';
import { may } from '../session.js';
import { count, plural } from '../format.js';
import { Button, Empty, Failure, Field, Loaded, toast, useTitle } from '../parts.js';
import { campaignPath, ringName } from '../firmware.js';

const USUAL = { rings: '1%/5 10% 100%', soak: 'PT24H', heardWithin: 'PT6H', mostLost: '2%', validity: 'P7D' };
const FIELDS = [
  ['rings', 'Rings', 'Each as a share of all meters with those before it; 1%/5 is at least 5 meters. The last is 100%.'],
  ['soak', 'A ring must run well for', 'An ISO 8601 duration: PT24H is a day.'],
  ['heardWithin', 'A meter is silent after', 'Not heard for so long after its update, it counts as lost.'],
  ['mostLost', 'May be lost of a ring', 'In percent; one more stops the campaign.'],
  ['validity', 'An update may wait for', 'Until its release, its signature and its meter.'],
];

export default function CampaignNew({ who }) {
  useTitle('Start a campaign');
  const images = useResource('images', (signal) => get('/firmware/images', {}, signal).then((a) => asPage(a).items));
  return many(
    h('header.meter-head', h('a.back', { href: '/firmware' }, 'Firmware'), h('div.meter-name', h('h1', 'Start a campaign'))),
    !may(who, 'operator') ? h(Empty, { icon: 'security', heading: 'Campaigns are for operators' }, 'Ask one.')
      : h(Loaded, { of: images, rows: 6, what: 'The images could not be loaded' }, (list) => (list.length ? h(Form, { images: list })
        : h(Empty, { icon: 'upload', heading: 'There is no image yet', action: h('a.btn', { href: '/firmware' }, 'Firmware') }, 'A campaign brings an image that its maker signed; take one in first.'))));
}

function Form({ images }) {
  const [chosen, setChosen] = useState(images[0].sha256);
  const [plan, setPlan] = useState(USUAL);
  const [reason, setReason] = useState('');
  const [would, setWould] = useState(null);
  const [busy, setBusy] = useState('');
  const [error, setError] = useState(null);
  const image = images.find((i) => i.sha256 === chosen);
  const body = () => ({ model: image.model, version: image.version, plan: FIELDS.map(([key]) => `${key} = ${plan[key]}\n`).join('') });
  const change = (set) => (value) => { set(value); setWould(null); };
  const run = async (what, act) => {
    setBusy(what);
    setError(null);
    try {
      await act();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy('');
    }
  };
  const look = (event) => { event.preventDefault(); run('look', async () => setWould(await post('/firmware/campaigns/plan', body()))); };
  const start = () => run('start', async () => {
    const made = await post('/firmware/campaigns', { ...body(), reason: reason.trim() });
    toast('Started: its canaries’ updates are drafted.');
    go(campaignPath(made.id));
  });
  return h('div.firmware-page',
    h('section.card.firmware-main', h('form.form.card-body', { onSubmit: look },
      h(Field, { label: 'Image' }, h('select', { value: chosen, onChange: (e) => change(setChosen)(e.currentTarget.value) }, images.map((i) => h('option', { key: i.sha256, value: i.sha256, selected: i.sha256 === chosen }, `${i.model} ${i.version}`)))),
      FIELDS.map(([key, label, hint]) => h(Field, { key, label, hint }, h('input', { required: true, class: 'mono', spellcheck: false, value: plan[key], onInput: (e) => change(setPlan)({ ...plan, [key]: e.currentTarget.value }) }))),
      h('div.form-actions', h('button.btn', { type: 'submit', class: would ? undefined : 'btn-main', disabled: Boolean(busy), 'aria-busy': busy === 'look' ? 'true' : undefined }, 'See what it would do')),
      error && h(Failure, { error, what: would ? 'Not started' : 'It could not be started so' }))),
    h('div.firmware-side', would ? h(Would, { would, image, reason, setReason, busy, start }) : h('section.card', h(Empty, { heading: 'Nothing is started yet' }, 'First see which meters would be in which ring, and whom it would leave out.'))));
}

function Would({ would, image, reason, setReason, busy, start }) {
  const all = would.rings.reduce((n, r) => n + r, 0);
  return h('section.card', h('header.card-head', h('h2', 'What it would do')), h('div.card-body.form',
    h('p', 'Brings ', h('strong', image.model, ' ', image.version), ' to ', h('strong', plural(all, 'meter')), '. Each starts anew once; firmware never goes back.'),
    h('ol.plain.would-rings', would.rings.map((n, i) => h('li', { key: i }, h('span', ringName(i, would.rings.length)), h('span', { style: { width: `${Math.max(2, (100 * n) / Math.max(...would.rings))}%` }, 'aria-hidden': 'true', class: 'would-bar' }), h('strong', count(n))))),
    would.leftOut.length > 0 && h('details', h('summary', `${would.leftOut.length >= 100 ? 'More than 100 meters are' : plural(would.leftOut.length, 'meter is', 'meters are')} left out`), h('ul.plain.left-out', would.leftOut.map((line) => h('li', { key: line }, line)))),
    h('p.dim', 'Each update is a command: another operator releases it, and you sign it. It goes on by itself while updated meters keep talking, and stops where they fall silent.'),
    h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 300, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
    h('div.form-actions', h(Button, { kind: 'main', busy: busy === 'start', disabled: Boolean(busy) || !reason.trim(), onClick: start }, `Start with ${plural(would.rings[0], 'meter')}`))));
}
