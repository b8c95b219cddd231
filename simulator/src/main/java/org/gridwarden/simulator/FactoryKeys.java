package org.gridwarden.simulator;

import org.gridwarden.core.Secret;
import org.gridwarden.security.keys.MasterWrap;

/**
 * The keys that a meter leaves its factory with, as they stand in its shipment.
 *
 * @param encryption its global unicast encryption key
 * @param authentication its authentication key
 * @param seal under which the head-end seals commands for it
 * @param master under which new keys are wrapped on their way to it
 */
record FactoryKeys(Secret encryption, Secret authentication, Secret seal, Secret master) {
  /** Those of a street's meter. */
  static FactoryKeys of(StreetSecret secret, int number) {
    return new FactoryKeys(
        secret.key("guek", number),
        secret.key("gak", number),
        secret.seal(number),
        secret.key("kek", number));
  }

  /** Others, as a fitter makes them on the spot. */
  static FactoryKeys fresh() {
    return new FactoryKeys(
        MasterWrap.fresh(16), MasterWrap.fresh(16), MasterWrap.fresh(32), MasterWrap.fresh(16));
  }

  /** What became of them. */
  MeterKeyRing ring(MeterMemory memory) {
    return new MeterKeyRing(pair(), seal, master, memory);
  }

  MeterKeyRing.Pair pair() {
    return new MeterKeyRing.Pair(encryption, authentication);
  }
}
