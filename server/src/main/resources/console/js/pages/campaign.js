// One campaign: its rings, why it stands as it does, which meters it lost, and how it goes on.
import { h, many, useState } from '../dom.js';
import { get, post, useResource } from '../api.js';
import { may } from '../session.js';
import { plural } from '../format.js';
import { Mark } from '../icons.js';
import { Ago, At, Button, Empty, Failure, Field, Id, Loaded, toast, useTitle } from '../parts.js';
import { lasting, path } from '../commands.js';
import { CampaignMark, Legend, Rings, campaignPath } from '../firmware.js';

const NAMED = 100;

export default function Campaign({ params, who }) {
  const { id } = params;
  const report = useResource(id, (signal) => get(campaignPath(id), {}, signal), { every: 3000 });
  useTitle(report.data ? `Firmware ${report.data.campaign.version}` : 'Campaign');
  if ([400, 404].includes(report.error?.status) && !report.data) {
    return many(h('header.page-head', h('h1', 'Firmware')), h(Empty, { icon: 'upload', heading: 'No campaign has this id', action: h('a.btn', { href: '/firmware' }, 'See the campaigns') }));
  }
  return h(Loaded, { of: report, rows: 8, what: 'The campaign could not be loaded', still: 'It goes on all the same.' }, (r) => h(Story, { report: r, who, reload: report.reload }));
}

function Story({ report, who, reload }) {
  const { campaign } = report;
  const lost = Object.entries(report.lost);
  const ends = campaign.state === 'DONE';
  return many(
    h('header.meter-head', h('a.back', { href: '/firmware' }, 'Firmware'),
      h('div.meter-name', h('h1', `${campaign.model} to ${campaign.version}`), h(CampaignMark, { campaign })),
      h('p.meter-where', h('q', campaign.reason), ` ${campaign.startedBy}, `, h(Ago, { at: campaign.started }))),
    h('div.firmware-page',
      h('div.firmware-main',
        h('section.card', h('header.card-head', h('h2', 'Rings'), h(Legend)), h('div.card-body', h(Rings, { report, large: true }),
          h('p.campaign-why', { class: campaign.state === 'STOPPED' ? 'state is-fault' : undefined }, campaign.state === 'STOPPED' && h(Mark, { state: 'fault' }), campaign.state === 'STOPPED' ? 'Stopped: ' : '', campaign.why, ' ', h('span.dim', h(Ago, { at: campaign.changed }))))),
        report.unsigned.length > 0 && h(Unsigned, { ids: report.unsigned, campaign, who }),
        lost.length > 0 && h('section.card', h('header.card-head', h('h2', plural(lost.length, 'meter'), ' lost')),
          h('ul.plain.items', lost.slice(0, NAMED).map(([meter, why]) => h('li', { key: meter }, h('div', h(Id, { value: meter, link: `/meters/${encodeURIComponent(meter)}` }), h('p.dim', why))))),
          lost.length > NAMED && h('p.card-note', `And ${plural(lost.length - NAMED, 'meter')} more.`))),
      h('div.firmware-side',
        !ends && may(who, 'operator') && h(Turn, { campaign, lost: lost.length, reload }),
        h(Plan, { campaign }))));
}

function Unsigned({ ids, campaign, who }) {
  const mine = campaign.startedBy === who.user;
  return h('section.card', h('header.card-head', h('h2', plural(ids.length, 'update'), ids.length === 1 ? ' waits' : ' wait', ' for a person')), h('div.card-body.form',
    h('p', mine ? 'Another operator releases them; then you sign them.' : `Release them if you would order them yourself; then ${campaign.startedBy} signs them.`),
    h('div.form-actions', mine ? h('a.btn', { href: '/commands/sign' }, 'Sign what is released') : h('a.btn.btn-main', { href: '/commands/release' }, 'Look at them'), h('a', { href: path(ids[0]) }, 'The first of them'))));
}

function Turn({ campaign, lost, reload }) {
  const stopped = campaign.state === 'STOPPED';
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post(`${campaignPath(campaign.id)}/${stopped ? 'resume' : 'stop'}`, { reason: reason.trim() });
      toast(stopped ? 'It goes on.' : 'Stopped: what was not sent is not sent.');
      setOpen(false);
      setReason('');
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      reload();
    }
  };
  return h('section.card', h('header.card-head', h('h2', stopped ? 'Let it go on' : 'Stop it')), h('div.card-body.form',
    h('p', stopped ? `From then on its ${lost ? plural(lost, 'lost meter') : 'lost meters'} stop it no more, and updates that were refused are drafted anew, to be released and signed again.` : 'No further update is drafted, and those that are not sent yet are refused. What meters run already stays.'),
    open ? h('form.form', { onSubmit: submit }, h(Field, { label: 'Why', hint: 'It stands in the audit log.' }, h('textarea', { rows: 2, required: true, maxLength: 300, value: reason, onInput: (e) => setReason(e.currentTarget.value) })),
      h('div.form-actions', h('button.btn', { type: 'submit', class: stopped ? 'btn-main' : 'btn-danger', disabled: busy || !reason.trim() }, stopped ? 'Let it go on' : 'Stop the campaign'), h(Button, { onClick: () => setOpen(false) }, 'Back')))
      : h('div.form-actions', h(Button, { kind: stopped ? 'main' : 'danger', onClick: () => setOpen(true) }, stopped ? 'Go on…' : 'Stop…')),
    error && h(Failure, { error, what: 'Nothing was changed' })));
}

const NAMES = { rings: 'Rings', soak: 'A ring must run well for', heardWithin: 'A meter is silent after', mostLost: 'May be lost of a ring', validity: 'An update may wait for' };

function Plan({ campaign }) {
  const parts = campaign.plan.split('\n').filter((l) => l.includes('=')).map((l) => l.split('=').map((s) => s.trim()));
  return h('section.card', h('header.card-head', h('h2', 'Plan')), h('dl.facts', parts.map(([key, value]) => many(h('dt', NAMES[key] || key), h('dd', /^P/.test(value) ? lasting(value) : value))),
    h('dt', 'Started'), h('dd', h(At, { at: campaign.started })), h('dt', 'Id'), h('dd', h(Id, { value: campaign.id }))));
}
