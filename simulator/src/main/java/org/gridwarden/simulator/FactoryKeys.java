package org.gridwarden.simulator;

import java.nio.charset.StandardCharsets;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Secret;
import org.gridwarden.security.keys.MasterWrap;

/**
 * The keys that a meter leaves its factory with, as they stand in its shipment.
 *
 * @param encryption its global unicast encryption key
 * @param authentication its authentication key
 * @param seal under which the head-end seals commands for it
 * @param master under which new keys are wrapped on their way to it
 * @param message from which those of its secured messages follow, where it speaks in them
 */
record FactoryKeys(
    Secret encryption, Secret authentication, Secret seal, Secret master, Secret message) {
  /** Under which id a factory ships keys. */
  static final String KEY_ID = "1";

  /** Those of a street's meter. */
  static FactoryKeys of(StreetSecret secret, int number) {
    return new FactoryKeys(
        secret.key("guek", number),
        secret.key("gak", number),
        secret.seal(number),
        secret.key("kek", number),
        secret.message(number));
  }

  /** Others, as a fitter makes them on the spot. */
  static FactoryKeys fresh() {
    return new FactoryKeys(
        MasterWrap.fresh(16),
        MasterWrap.fresh(16),
        MasterWrap.fresh(32),
        MasterWrap.fresh(16),
        MasterWrap.fresh(32));
  }

  /** What became of them. */
  MeterKeyRing ring(MeterMemory memory) {
    return new MeterKeyRing(pair(), seal, master, messageKey(), memory);
  }

  /** Its key for messages, as it is shipped. */
  KeySet messageKey() {
    return new KeySet(KEY_ID.getBytes(StandardCharsets.US_ASCII), message, new Secret(new byte[0]));
  }

  MeterKeyRing.Pair pair() {
    return new MeterKeyRing.Pair(encryption, authentication);
  }
}
