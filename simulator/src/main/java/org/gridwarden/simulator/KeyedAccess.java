package org.gridwarden.simulator;

import java.util.function.Supplier;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.objects.Rights;
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
   * @param rights what the office may do then
   */
  static ClientAccess of(
      byte[] systemTitle, Supplier<MeterKeyRing> ring, InvocationCounter counter, Rights rights) {
    return ClientAccess.gmac(
            () -> SecurityContext.of(systemTitle, ring.get().current().keys(), counter), rights)
        .or(() ->
            ring.get().next().map(pair -> next(systemTitle, ring.get(), pair, counter, rights)));
  }

  private static ClientAccess next(
      byte[] systemTitle,
      MeterKeyRing ring,
      MeterKeyRing.Pair pair,
      InvocationCounter counter,
      Rights rights) {
    return ClientAccess.gmac(() -> SecurityContext.of(systemTitle, pair.keys(), counter), rights)
        .whenOpen(() -> ring.used(pair));
  }
}
