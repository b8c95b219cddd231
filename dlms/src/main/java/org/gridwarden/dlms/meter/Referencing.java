package org.gridwarden.dlms.meter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * The services of an open association, by the way its client names objects: logical names or short
 * names (IEC 62056-5-3, clause 4.2.4). One thread at a time.
 */
sealed interface Referencing permits LogicalNameServices, ShortNameServices {
  /** The answer; none for an unconfirmed service. */
  Optional<Apdu> answer(Apdu question);

  /** An attribute's value that nobody asked for; none where the client does not take such. */
  Optional<Apdu> notification(AttributeRef attribute);

  /** The client may not use this here: it is none of its services, or was not negotiated. */
  static Optional<Apdu> notNegotiated() {
    return exception(2); // service not supported
  }

  /** The client may use this, but what it sent of it makes no sense. */
  static Optional<Apdu> senseless() {
    return exception(Service.ExceptionResponse.OTHER_REASON);
  }

  private static Optional<Apdu> exception(int service) {
    return Optional.of(new Service.ExceptionResponse(1, service, OptionalLong.empty()));
  }

  /** A list has a value for each method: null-data where there are no parameters. */
  static Optional<DlmsData> given(DlmsData parameters) {
    return parameters instanceof DlmsData.NullData ? Optional.empty() : Optional.of(parameters);
  }

  /** Whether a list has a value for each of its things. */
  static boolean match(List<?> things, List<?> values) {
    return things.size() == values.size();
  }
}
