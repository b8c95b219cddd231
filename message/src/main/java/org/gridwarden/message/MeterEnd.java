package org.gridwarden.message;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;

/**
 * A meter's end: seals what it says with a counter of its own, and opens what the office says to
 * it. One key, all channels. Thread-safe.
 */
public final class MeterEnd {
  /** Where the greatest counter is kept that came from the office: durable before it returns. */
  public interface Seen {
    /** The greatest one; -1 for none. */
    long greatest();

    /** From now on the greatest. */
    void greatest(long counter);
  }

  private final MeterId meter;
  private final byte[] keyId;
  private final MessageKeys up;
  private final MessageKeys down;
  private final LongSupplier counters;
  private final Seen seen;

  /**
   * @param counters gives each number once, also after a power cut
   */
  public MeterEnd(
      MeterId meter, KeySet set, Algorithm algorithm, LongSupplier counters, Seen seen) {
    this.meter = meter;
    this.keyId = set.keyId();
    this.up = MessageKeys.of(meter, set, Direction.UP, algorithm);
    this.down = MessageKeys.of(meter, set, Direction.DOWN, algorithm);
    this.counters = counters;
    this.seen = seen;
  }

  /** A message of readings or of a warning, in SenML. */
  public byte[] seal(Form form, Message message) {
    return seal(MessageClass.of(message), form, Payload.bytes(form, message));
  }

  /** A receipt, a signed day, or an APDU. */
  public byte[] seal(MessageClass kind, Form form, byte[] payload) {
    return Secured.seal(
        new Header(up.algorithm(), form, keyId, counters.getAsLong(), meter, kind), up, payload);
  }

  /**
   * Opens what the office says.
   *
   * @throws MessageException where it is not genuine, not for this meter, or came before
   */
  public synchronized Payload open(byte[] bytes) throws MessageException {
    Secured secured = Secured.parse(bytes);
    Header header = secured.header();
    if (!header.meter().equals(meter)
        || !Arrays.equals(header.keyId(), keyId)
        || header.algorithm() != down.algorithm()) {
      throw new MessageException(
          MessageException.Kind.UNAUTHENTICATED, "it is not under this meter's key");
    }
    byte[] opened = secured.open(down);
    if (header.counter() <= seen.greatest()) {
      throw new MessageException(
          MessageException.Kind.UNAUTHENTICATED,
          "the counter " + header.counter() + " was seen before");
    }
    seen.greatest(header.counter());
    return Payload.read(header, opened);
  }
}
