package org.gridwarden.simulator;

import java.util.Optional;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.SecurityControl;

/**
 * Makes a meter's notifications, encrypted and authenticated under its global unicast key
 * (general-glo-ciphering, suite 0), and knows their confirmations.
 */
final class Sealer {
  private static final int GENERAL_GLO_CIPHERING = 0xDB;
  private static final long CONFIRMED_SERVICE = 0x4000_0000L;
  private static final int SEQUENCE = 0xFF_FFFF;

  private final byte[] systemTitle;
  private final MeterKeyRing keys;
  private final boolean confirmed;

  /**
   * A push ready to go.
   *
   * @param counter its invocation counter
   * @param invokeId its long-invoke-id-and-priority
   * @param apdu its bytes, the same at each sending
   * @param plain how many bytes it would be without ciphering
   * @param by under which keys
   */
  @SuppressWarnings("ArrayRecordComponent") // stays within the room, never changed
  record Sealed(long counter, long invokeId, byte[] apdu, int plain, MeterKeyRing.Pair by) {}

  Sealer(VirtualMeter meter, boolean confirmed) {
    this.systemTitle = meter.systemTitle();
    this.confirmed = confirmed;
    this.keys = meter.keys();
  }

  /** Seals a notification's body with a counter that was never used before. */
  Sealed seal(DlmsData body, long counter) {
    long invokeId = (confirmed ? CONFIRMED_SERVICE : 0) | counter & SEQUENCE;
    MeterKeyRing.Pair by = keys.sending();
    byte[] plain = Apdus.encode(new Apdu.DataNotification(invokeId, Optional.empty(), body));
    try {
      Apdu.Ciphered sealed =
          Ciphering.protect(
              GENERAL_GLO_CIPHERING,
              SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
              systemTitle,
              counter,
              plain,
              by.keys());
      return new Sealed(counter, invokeId, Apdus.encode(sealed), plain.length, by);
    } catch (DlmsException e) {
      throw new IllegalStateException("a virtual meter has all its keys", e);
    }
  }

  /** The keys are gone. */
  void erase() {
    keys.erase();
  }

  /** Whether its keys are still those that the meter uses: else it is to be sealed anew. */
  boolean current(Sealed push) {
    return keys.sending() == push.by();
  }

  /** Whether what came in is the authentic confirmation of a push. */
  boolean confirms(Sealed push, byte[] received) {
    for (MeterKeyRing.Pair pair : keys.acceptedPairs()) {
      if (confirms(push, received, pair)) {
        keys.used(pair);
        return true;
      }
    }
    return false;
  }

  private static boolean confirms(Sealed push, byte[] received, MeterKeyRing.Pair pair) {
    try {
      return Apdus.decode(received) instanceof Apdu.Ciphered ciphered
          && ciphered.control().authenticated()
          && Apdus.decode(Ciphering.unprotect(ciphered, new byte[0], pair.keys()))
              instanceof Apdu.DataNotificationConfirm confirm
          && confirm.invokeId() == push.invokeId();
    } catch (DlmsException e) {
      return false;
    }
  }
}
