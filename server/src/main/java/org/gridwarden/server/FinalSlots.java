package org.gridwarden.server;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.store.Readings;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;

/**
 * A channel's slots as they count: what the meter sent, and in the place of what was missing or
 * doubted what validation, estimation and people put there. Only slots with versions are held in
 * memory; the rest is read as it is taken.
 */
final class FinalSlots {
  private FinalSlots() {}

  /** Those that start in a range, oldest first. The caller closes the stream. */
  static Stream<Slot> of(Store store, MeterId meter, ObisCode code, Instant from, Instant to) {
    TreeMap<Instant, Slot> versions = new TreeMap<>();
    for (Readings.ChannelInfo info : store.readings().channels(meter)) {
      if (info.kind() == Readings.Kind.INTERVAL && info.obis().equals(code)) {
        SlotVersions.Channel channel =
            new SlotVersions.Channel(code, info.interval(), info.unit(), info.scaler());
        for (SlotVersions.Version one : store.slotVersions().current(meter, channel, from, to)) {
          if (one.value().isPresent()) {
            versions.put(
                one.start(),
                new Slot(
                    code,
                    one.start(),
                    info.interval(),
                    new ScaledValue(one.value().getAsLong(), info.scaler(), info.unit()),
                    one.quality()));
          }
        }
      }
    }
    Stream<Slot> raw = store.readings().slots(meter, code, Layer.RAW, from, to);
    if (versions.isEmpty()) {
      return raw;
    }
    Iterator<Slot> merged = new Merged(raw.iterator(), versions);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(merged, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(raw::close);
  }

  /** Raw slots and versions by time; where both are of one slot, the version counts. */
  private static final class Merged implements Iterator<Slot> {
    private final Iterator<Slot> raw;
    private final TreeMap<Instant, Slot> versions;
    private Optional<Slot> next;

    Merged(Iterator<Slot> raw, TreeMap<Instant, Slot> versions) {
      this.raw = raw;
      this.versions = versions;
      this.next = advance();
    }

    private Optional<Slot> advance() {
      return raw.hasNext() ? Optional.of(raw.next()) : Optional.empty();
    }

    @Override
    public boolean hasNext() {
      return next.isPresent() || !versions.isEmpty();
    }

    @Override
    public Slot next() {
      if (next.isEmpty()
          || !versions.isEmpty() && versions.firstKey().isBefore(next.get().start())) {
        if (versions.isEmpty()) {
          throw new NoSuchElementException();
        }
        return versions.pollFirstEntry().getValue();
      }
      Slot slot = next.get();
      next = advance();
      return Optional.ofNullable(versions.remove(slot.start())).orElse(slot);
    }
  }
}
