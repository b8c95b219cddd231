package org.gridwarden.store;

import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.jspecify.annotations.Nullable;

/**
 * All meters in memory, about 300 bytes each, for the channels' questions. Readers see a whole
 * state, never half a change. Thread-safe.
 */
final class MeterIndex implements MeterDirectory {
  private final Map<MeterId, Known> byId = new HashMap<>();
  private final Map<Long, MeterId> byTitle = new HashMap<>();
  private final Map<String, List<MeterId>> bySerial = new HashMap<>();
  private final java.util.concurrent.locks.ReentrantReadWriteLock lock =
      new java.util.concurrent.locks.ReentrantReadWriteLock();

  /**
   * A meter with its number in the database.
   *
   * @param feeder what it hangs on; empty where that is not known
   */
  record Known(int number, Meter meter, String servicePoint, String feeder) {}

  @Override
  public Optional<Meter> byId(MeterId id) {
    return known(id).map(Known::meter);
  }

  Optional<Known> known(MeterId id) {
    return read(() -> byId.get(id));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    if (systemTitle.length != 8) {
      return Optional.empty();
    }
    long title = title(systemTitle);
    return read(() -> {
      MeterId id = byTitle.get(title);
      Known known = id == null ? null : byId.get(id);
      return known == null ? null : known.meter;
    });
  }

  /** None where two makers gave the same serial: only its title or id tells such a meter. */
  @Override
  public Optional<Meter> bySerial(String serial) {
    return read(() -> {
      List<MeterId> ids = bySerial.getOrDefault(serial, List.of());
      Known known = ids.size() == 1 ? byId.get(ids.getFirst()) : null;
      return known == null ? null : known.meter;
    });
  }

  int size() {
    return read(byId::size).orElse(0);
  }

  Set<ZoneId> zones() {
    return read(
            () -> {
              Set<ZoneId> zones = new HashSet<>();
              byId.values().forEach(known -> zones.add(known.meter.zone()));
              return zones;
            })
        .orElse(Set.of());
  }

  void put(Collection<Known> meters) {
    lock.writeLock().lock();
    try {
      meters.forEach(this::putOne);
    } finally {
      lock.writeLock().unlock();
    }
  }

  void replaceAll(Collection<Known> meters) {
    lock.writeLock().lock();
    try {
      byId.clear();
      byTitle.clear();
      bySerial.clear();
      meters.forEach(this::putOne);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void putOne(Known known) {
    Meter meter = known.meter;
    Known before = byId.put(meter.id(), known);
    if (before != null) {
      forget(before.meter);
    }
    if (meter.systemTitle().length == 8) {
      byTitle.put(title(meter.systemTitle()), meter.id());
    }
    if (!meter.serial().isEmpty()) {
      List<MeterId> ids = new ArrayList<>(bySerial.getOrDefault(meter.serial(), List.of()));
      ids.add(meter.id());
      bySerial.put(meter.serial(), List.copyOf(ids));
    }
  }

  private void forget(Meter meter) {
    if (meter.systemTitle().length == 8) {
      byTitle.remove(title(meter.systemTitle()), meter.id());
    }
    List<MeterId> ids = new ArrayList<>(bySerial.getOrDefault(meter.serial(), List.of()));
    ids.remove(meter.id());
    if (ids.isEmpty()) {
      bySerial.remove(meter.serial());
    } else {
      bySerial.put(meter.serial(), List.copyOf(ids));
    }
  }

  private <T> Optional<T> read(java.util.function.Supplier<@Nullable T> question) {
    lock.readLock().lock();
    try {
      return Optional.ofNullable(question.get());
    } finally {
      lock.readLock().unlock();
    }
  }

  private static long title(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
