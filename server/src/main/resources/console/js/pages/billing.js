// Billing opens with what whoever looks has to do: the runs of a billing clerk, the exceptions of all others.
import { h } from '../dom.js';
import { may } from '../session.js';
import BillRuns from './bill-runs.js';
import Exceptions from './exceptions.js';

export default function Billing(props) {
  return h(may(props.who, 'BILL') ? BillRuns : Exceptions, props);
}
