package org.gridwarden.dlms.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * How an association names a meter's objects, and the services that go with it: logical names with
 * GET, SET and ACTION, or short names with Read and Write (IEC 62056-5-3, clause 4.2.4). One thread
 * at a time.
 */
sealed interface Referencing permits LogicalNames, ShortNames {
  /** What an association uses. */
  static Referencing of(Exchange exchange, AssociationRequest request) {
    return request.shortNames() ? new ShortNames(exchange) : new LogicalNames(exchange);
  }

  Outcome get(Service.Selected what) throws IOException, DlmsException, AssociationRefused;

  /** In their order, with as few questions as what was negotiated allows. */
  List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused;

  AccessResult set(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused;

  List<AccessResult> set(List<Service.Selected> what, List<DlmsData> values)
      throws IOException, DlmsException, AssociationRefused;

  Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused;

  List<Service.Invoked> action(List<MethodRef> methods, List<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused;

  /** Without an answer. */
  void setUnconfirmed(Service.Selected what, DlmsData value)
      throws IOException, DlmsException, AssociationRefused;

  /** Without an answer. */
  void actionUnconfirmed(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused;

  /** reply_to_HLS_authentication of the current association. */
  Service.Invoked replyToHls(DlmsData proof) throws IOException, DlmsException, AssociationRefused;

  /** A list has a value for each method: null-data where there are no parameters. */
  static Optional<DlmsData> given(DlmsData parameters) {
    return parameters instanceof DlmsData.NullData ? Optional.empty() : Optional.of(parameters);
  }
}
