package org.gridwarden.channel.dlms;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;

/**
 * Reads pushes again that were kept as evidence, by the way that they went when they came: the same
 * decoder, keys and layouts. A value that the office's own clock dated is left out: when exactly is
 * not kept. Thread-safe.
 */
public final class PushReplay {
  private static final ChannelId VIA = new ChannelId("dlms", "replay");

  /** Two clocks that differ show which values the office's clock dated. */
  private static final Duration OTHERWISE = Duration.ofSeconds(1);

  private final KeyAccess keys;
  private final Tally tally = Tally.silent(); // each message is counted by who asks
  private final Common common = Common.of(DlmsSettings.of(Map.of()).limits());

  public PushReplay(KeyAccess keys) {
    this.keys = keys;
  }

  /**
   * Reads a push.
   *
   * @param meter who sent it; retired by now, or under another policy, it is read all the same
   * @param at when it was stored
   * @return empty where it is no push, or cannot be deciphered any more
   */
  public Optional<Received> decode(Meter meter, Instant at, byte[] raw) {
    Optional<Received> first = read(meter, at, raw);
    Optional<Received> second = read(meter, at.plus(OTHERWISE), raw);
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    Received was = first.get();
    return Optional.of(
        new Received(
            was.id(),
            was.via(),
            was.at(),
            was.how(),
            was.raw(),
            common(was.content(), second.get().content())));
  }

  private static List<Message> common(List<Message> one, List<Message> other) {
    Set<Object> there = new HashSet<>();
    for (Message message : other) {
      switch (message) {
        case Usage usage -> {
          there.addAll(usage.momentary());
          there.addAll(usage.slots());
          there.addAll(usage.captures());
        }
        case Billing billing -> there.addAll(billing.registers());
        default -> {}
      }
    }
    List<Message> out = new ArrayList<>();
    for (Message message : one) {
      switch (message) {
        case Usage usage ->
            out.add(
                new Usage(
                    usage.meter(),
                    kept(usage.momentary(), there),
                    kept(usage.slots(), there),
                    usage.blocks(),
                    kept(usage.captures(), there)));
        case Billing billing -> {
          List<Reading> registers = kept(billing.registers(), there);
          if (!registers.isEmpty()) {
            out.add(new Billing(billing.meter(), registers));
          }
        }
        default -> {} // told once already
      }
    }
    return out;
  }

  private static <T> List<T> kept(List<T> values, Set<Object> there) {
    return values.stream().filter(there::contains).toList();
  }

  private Optional<Received> read(Meter meter, Instant at, byte[] raw) {
    OneMeter office = new OneMeter(meter, Assurance.NONE);
    return office.read(common, VIA, keys, InstantSource.fixed(at), raw, tally);
  }
}
