package org.gridwarden.channel.dlms;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SendCounter;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;

/**
 * Ciphers what the office sends under a meter's key, with the office's own system title and
 * counters that are reserved durably in blocks, so that no counter is ever used twice (C38).
 * Thread-safe.
 */
final class OfficeSender {
  private static final int GENERAL_GLO = 0xDB;

  /** Reserved at once: a restart skips what is left of it. */
  private static final int BLOCK = 64;

  private static final int KEPT = 65_536;
  private static final int STRIPES = 64;

  private final SendCounter counters;
  private final byte[] systemTitle;
  private final Stripe[] stripes = new Stripe[STRIPES];

  /** The counters in hand of the meters of one stripe, the longest unused forgotten first. */
  private static final class Stripe {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, long[]> inHand =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, long[]> eldest) {
            return size() > KEPT / STRIPES;
          }
        };
  }

  /**
   * One for all the channels that share a counter, so that what a meter gets from the office under
   * one key counts upwards whichever way it goes.
   */
  static final class Shared {
    private final byte[] systemTitle;
    private Optional<OfficeSender> sender = Optional.empty();

    Shared(byte[] systemTitle) {
      this.systemTitle = systemTitle.clone();
    }

    synchronized OfficeSender of(SendCounter counters) {
      if (sender.isEmpty() || !sender.get().counters.equals(counters)) {
        sender = Optional.of(new OfficeSender(counters, systemTitle));
      }
      return sender.get();
    }
  }

  OfficeSender(SendCounter counters, byte[] systemTitle) {
    this.counters = counters;
    this.systemTitle = systemTitle.clone();
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /**
   * Protects an APDU as general-glo-ciphering.
   *
   * @param control as the meter's own push had it
   */
  byte[] seal(MeterId meter, KeyAccess.KeySet set, SecurityControl control, Apdu apdu)
      throws DlmsException {
    long counter = next(meter, set.keyId());
    try (DlmsKeys keys = MeterKeys.of(set)) {
      return Apdus.encode(
          Ciphering.protect(GENERAL_GLO, control, systemTitle, counter, Apdus.encode(apdu), keys));
    }
  }

  /** The next counter under a key of a meter, greater than any before; no two callers get one. */
  long next(MeterId meter, byte[] keyId) {
    String key = meter + "/" + java.util.HexFormat.of().formatHex(keyId);
    Stripe stripe = stripes[Math.floorMod(meter.hashCode(), STRIPES)];
    stripe.lock.lock();
    try {
      long[] range = stripe.inHand.get(key);
      if (range == null || range[0] >= range[1]) {
        long first = counters.reserve(meter, keyId, BLOCK);
        range = new long[] {first, first + BLOCK};
        stripe.inHand.put(key, range);
      }
      return range[0]++;
    } finally {
      stripe.lock.unlock();
    }
  }
}
