package org.gridwarden.dlms.objects;

import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Conformance;

/**
 * The association in which a client asks: a port that the meter's side of an association
 * implements, for the association object to show it. Called by the association's own thread.
 */
public interface AssociationControl {
  /** Where an association stands, numbered as association_status. */
  enum Status {
    NON_ASSOCIATED(0),
    PENDING(1),
    ASSOCIATED(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * What was agreed.
   *
   * @param clientSap the client's number, 0 to 127
   * @param serverSap the logical device's, 0 to 0x3FFF
   * @param conformance the services that may be used
   * @param maxReceive the greatest APDU that the meter takes, in bytes
   * @param maxSend the greatest APDU that the client takes, in bytes
   * @param user which of the client's users asks, 0 to 255; empty where it did not say
   */
  record Agreed(
      int clientSap,
      int serverSap,
      Acse.Context context,
      Acse.Mechanism mechanism,
      Conformance conformance,
      int maxReceive,
      int maxSend,
      Status status,
      OptionalInt user) {}

  /** What was agreed. */
  Agreed agreed();

  /**
   * Checks the client's f(StoC), reply_to_HLS_authentication.
   *
   * @return the meter's f(CtoS), empty where the proof does not hold
   */
  Optional<byte[]> proves(byte[] proof);

  /**
   * A new secret for the client: the LLS password, or what HLS 2 to 4 use. Takes effect with the
   * next association; never read back.
   */
  AccessResult secret(byte[] secret);
}
