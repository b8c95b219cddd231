package org.gridwarden.simulator;

import java.util.function.Supplier;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.security.SecurityContext;

/**
 * The office's way into a meter: who proves by GMAC that it knows the keys, those that a command
 * gave the meter or, until they are used, those before.
 */
final class KeyedAccess {
  private KeyedAccess() {}

  /**
   * @param ring the meter's keys, asked for each association
   * @param counter the meter's own, never twice with a key
   */
  static ClientAccess of(
      byte[] systemTitle, Supplier<MeterKeyRing> ring, InvocationCounter counter) {
    return ClientAccess.gmac(
            () -> SecurityContext.of(systemTitle, ring.get().current().keys(), counter),
            DeskRights.INSTANCE)
        .or(() -> ring.get().next().map(pair -> next(systemTitle, ring.get(), pair, counter)));
  }

  private static ClientAccess next(
      byte[] systemTitle, MeterKeyRing ring, MeterKeyRing.Pair pair, InvocationCounter counter) {
    return ClientAccess.gmac(
            () -> SecurityContext.of(systemTitle, pair.keys(), counter), DeskRights.INSTANCE)
        .whenOpen(() -> ring.used(pair));
  }
}
