package org.gridwarden.channel.zigbee.establish;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.gridwarden.security.cbke.CbkeException;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Refusal;
import org.gridwarden.security.cbke.Suite;

/**
 * All exchanges of a network, with their limits: so many at once, none for longer than a minute,
 * and after one that was refused the device has to wait. Reckoning takes some milliseconds, by the
 * thread that calls. Thread-safe.
 */
public final class Establishment {
  /** Exchanges under way. */
  private static final int MOST = 32;

  /** Devices whose last ephemeral keys are known. */
  private static final int MOST_DEVICES = 1_024;

  /** Ephemeral keys of one device that are known. */
  private static final int REMEMBERED = 16;

  /** How long an exchange may take. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** How long a device waits that was refused, in seconds. */
  private static final int PENANCE = 10;

  private final Map<Suite, CbkeIdentity> identities;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Map<Long, UnderWay> underWay = new HashMap<>();
  private final LinkedHashMap<Long, Past> pasts = new LinkedHashMap<>(16, 0.75f, true);

  private record UnderWay(Exchange exchange, Instant until) {}

  /** What is remembered of a device. */
  private static final class Past {
    private final LinkedHashSet<String> ephemerals = new LinkedHashSet<>();
    private Instant barredUntil = Instant.MIN;
  }

  /**
   * @param identities the office's own, by their suites; where there is none, all are refused
   */
  public Establishment(
      Map<Suite, CbkeIdentity> identities, SecureRandom random, InstantSource clock) {
    this.identities = Map.copyOf(identities);
    this.random = random;
    this.clock = clock;
  }

  /** The suites that the office has certificates of, a bit each: what meters ask for first. */
  public int suites() {
    return identities.keySet().stream().mapToInt(Suite::number).sum();
  }

  /**
   * Takes a command of a device's.
   *
   * @param device its EUI-64, as the network says
   */
  public synchronized Step take(long device, int command, byte[] payload) {
    Instant now = clock.instant();
    underWay.values().removeIf(e -> e.until.isBefore(now));
    if (command == Step.TERMINATE) {
      underWay.remove(device);
      return new Step.Ended("it has ended the exchange: " + Exchange.ended(payload));
    }
    Past past = past(device);
    if (past.barredUntil.isAfter(now)) {
      return refused(Refusal.NO_RESOURCES, "it was refused a moment ago, and does not wait");
    }
    try {
      return switch (command) {
        case Step.INITIATE -> {
          underWay.remove(device);
          if (underWay.size() >= MOST) {
            yield refused(Refusal.NO_RESOURCES, "too many others are at it; it is to try again");
          }
          Exchange fresh = new Exchange(identities, random, device);
          byte[] answer = fresh.initiate(payload, now);
          underWay.put(device, new UnderWay(fresh, now.plus(LONGEST)));
          yield new Step.Say(command, answer);
        }
        case Step.EPHEMERAL ->
            new Step.Say(command, current(device).ephemeral(payload, p -> before(past, p)));
        case Step.CONFIRM -> {
          Step.Agreed agreed = current(device).confirm(payload);
          underWay.remove(device);
          yield agreed;
        }
        default -> throw new CbkeException(Refusal.BAD_MESSAGE, "it sends command " + command);
      };
    } catch (CbkeException e) {
      underWay.remove(device);
      past.barredUntil = now.plusSeconds(PENANCE);
      return refused(e.refusal(), String.valueOf(e.getMessage()));
    }
  }

  private Exchange current(long device) throws CbkeException {
    UnderWay current = underWay.get(device);
    if (current == null) {
      throw new CbkeException(Refusal.BAD_MESSAGE, "no exchange with it is under way");
    }
    return current.exchange;
  }

  private Past past(long device) {
    Past past = pasts.computeIfAbsent(device, d -> new Past());
    if (pasts.size() > MOST_DEVICES) {
      Iterator<Long> eldest = pasts.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return past;
  }

  private static boolean before(Past past, byte[] ephemeral) {
    boolean known = !past.ephemerals.add(HexFormat.of().formatHex(ephemeral));
    if (past.ephemerals.size() > REMEMBERED) {
      past.ephemerals.removeFirst();
    }
    return known;
  }

  private Step.Refused refused(Refusal refusal, String why) {
    byte[] terminate =
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) refusal.code())
            .put((byte) PENANCE)
            .putShort((short) suites())
            .array();
    return new Step.Refused(refusal, terminate, why);
  }

  @Override
  public String toString() {
    return "Establishment" + Arrays.toString(identities.keySet().toArray());
  }
}
