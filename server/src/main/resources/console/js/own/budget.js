// The month against its budget: so far, where it is going, and where the budget stands.
import { h, many, useState } from '../dom.js';
import { call } from '../api.js';
import { useAct } from '../alarms.js';
import { Mark } from '../icons.js';
import { Button, Dialog, Field, toast } from '../parts.js';
import { dayWords, money, monthName } from './money.js';

export function BudgetBar({ data, servicePoint, reload }) {
  const [open, setOpen] = useState(false);
  if (data.currency === null) return h('div.own-budget', h('h2', 'Budget'), h('p.dim', 'No tariff is agreed upon here: what a month costs is not known.'));
  const budget = data.budget === null ? null : Number(data.budget);
  return h('div.own-budget',
    h('div.own-budget-head', h('h2', 'Budget'), h(Button, { small: true, kind: 'quiet', onClick: () => setOpen(true) }, budget === null ? 'Set one' : 'Change')),
    budget === null
      ? h('p.dim', 'Say what a month may cost; you are told when it is on course to pass that.')
      : many(h(Bar, { data, budget }), h(Words, { data, budget })),
    open && h(BudgetForm, { data, servicePoint, onClose: () => setOpen(false), onDone: () => { setOpen(false); reload(); } }));
}

function Bar({ data, budget }) {
  const soFar = Math.max(0, Number(data.soFar.cost ?? 0));
  const forecast = data.forecastCost === null ? soFar : Math.max(soFar, Number(data.forecastCost));
  const all = Math.max(budget, forecast) * 1.04;
  const at = (v) => `${((v / all) * 100).toFixed(2)}%`;
  return h('svg.own-budget-bar', { width: '100%', height: 28, role: 'img', 'aria-label': `${money(data.soFar.cost ?? '0', data.currency)} of ${money(data.budget, data.currency)}` },
    h('rect.budget-all', { x: 0, y: 8, width: '100%', height: 12, rx: 6 }),
    h('rect', { class: `budget-forecast ${data.passed ? 'is-passed' : ''}`, x: 0, y: 8, width: at(forecast), height: 12, rx: 6 }),
    h('rect', { class: `budget-sum ${data.passed === 'sum' ? 'is-passed' : ''}`, x: 0, y: 8, width: at(soFar), height: 12, rx: 6 }),
    h('rect.budget-mark', { x: at(budget), y: 2, width: 2, height: 24 }));
}

function Words({ data, budget }) {
  const over = (amount) => money((Number(amount) - budget).toFixed(2), data.currency);
  const noted = data.alerts.find((a) => a.month === data.month && Number(a.budget) === budget);
  const state = data.passed ? 'attention' : 'fine';
  const words = data.passed === 'sum' ? `Passed by ${over(data.soFar.cost)}`
    : data.passed === 'forecast' ? `On course to pass it by ${over(data.forecastCost)}`
      : data.forecastCost === null ? 'Too little is known for a forecast' : 'On course to keep it';
  return many(
    h('p.own-budget-words', h('span.state', { class: `is-${state}` }, h(Mark, { state }), words), h('span', `${money(data.soFar.cost ?? '0', data.currency)} of ${money(data.budget, data.currency)}`)),
    noted && h('p.own-foot', `${noted.kind === 'sum' ? 'Passed' : 'Foreseen'} in the night of ${dayWords(noted.at.slice(0, 10))}.`));
}

function BudgetForm({ data, servicePoint, onClose, onDone }) {
  const [amount, setAmount] = useState(data.budget ?? '');
  const act = useAct(() => { toast('Your budget is kept.'); onDone(); });
  const end = useAct(() => { toast('No budget is set any more.'); onDone(); });
  const query = { servicePoint };
  return h(Dialog, { title: 'What a month may cost', onClose },
    h('form.form', { onSubmit: (e) => { e.preventDefault(); act.run('set', () => call('PUT', '/own/budget', { query, json: { amount: amount.trim().replace(',', '.') } })); } },
      h(Field, { label: `Amount in ${data.currency}`, hint: data.forecastCost === null ? `For each month; ${monthName(data.month)} is just beginning.` : `${monthName(data.month)} is on course for ${money(data.forecastCost, data.currency)}.`, error: act.error && `${act.error.message}: ${act.error.remedy}` },
        h('input', { type: 'text', inputMode: 'decimal', name: 'amount', value: amount, required: true, maxLength: 12, autocomplete: 'off', onInput: (e) => setAmount(e.currentTarget.value) })),
      h('div.form-actions', h(Button, { type: 'submit', kind: 'main', busy: act.busy !== '', disabled: !amount.trim() }, 'Keep it'),
        data.budget !== null && h(Button, { busy: end.busy !== '', onClick: () => end.run('end', () => call('DELETE', '/own/budget', { query })) }, 'No budget'),
        h(Button, { kind: 'quiet', onClick: onClose }, 'Cancel'))));
}
