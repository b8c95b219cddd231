package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.channel.zigbee.upgrade.OtaFile;
import org.gridwarden.channel.zigbee.upgrade.Upgrade;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;

/**
 * Carries firmware images to meters by OTA Upgrade, which meters drive: they ask for blocks, all of
 * them together no faster than a quarter of what one radio channel bears. Thread-safe.
 */
final class Upgrades {
  /** For all meters of a network together. */
  private static final int BYTES_PER_SECOND = 960;

  private static final int BLOCK = 48;
  private static final Duration TELLING = Duration.ofSeconds(1);

  /** How long a meter that was told may take to ask. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private final Talks talks;
  private final Supplier<Optional<Coordinator>> line;
  private final Map<Eui64, Upgrade> upgrades = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  Upgrades(Talks talks, Supplier<Optional<Coordinator>> line) {
    this.talks = talks;
    this.line = line;
  }

  /** As {@link org.gridwarden.core.MeterSession#carry}. */
  ImageProgress carry(MeterId meter, Image image, Duration stint, Consumer<ImageProgress> told)
      throws ChannelException, InterruptedException {
    Known to =
        talks
            .reached(meter)
            .orElseThrow(() -> fault(Fault.Code.TIMEOUT, meter, "no tunnel to it is open now"));
    Upgrade upgrade = upgrade(meter, to, image);
    if (upgrade.state() != Upgrade.State.WHOLE && !notified(to, upgrade)) {
      throw fault(Fault.Code.TIMEOUT, meter, "it does not answer; its image waits");
    }
    long begun = System.nanoTime();
    long end = begun + stint.toNanos();
    ImageProgress now = progress(upgrade);
    told.accept(now);
    while (upgrade.state() != Upgrade.State.WHOLE) {
      if (upgrade.state() == Upgrade.State.REFUSED) {
        upgrades.remove(to.eui64(), upgrade);
        throw fault(
            Fault.Code.FORBIDDEN,
            meter,
            "it refuses the image: its maker's signature does not hold there, it is for other"
                + " meters, or older than what runs");
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      if (upgrade.state() == Upgrade.State.OFFERED
          && System.nanoTime() - begun > SILENCE.toNanos()) {
        throw fault(Fault.Code.TIMEOUT, meter, "it does not ask for the image that it was told of");
      }
      await(Math.min(left, TELLING.toNanos()));
      now = progress(upgrade);
      told.accept(now);
    }
    if (upgrade.state() == Upgrade.State.WHOLE) {
      // where it is to be carried again the meter says anew whether it has it
      upgrades.remove(to.eui64(), upgrade);
    }
    return progress(upgrade);
  }

  private Upgrade upgrade(MeterId meter, Known to, Image image) throws ChannelException {
    Upgrade before = upgrades.get(to.eui64());
    if (before != null && before.file().name().equals(image.name())) {
      return before;
    }
    try {
      OtaFile file =
          upgrades.values().stream()
              .map(Upgrade::file)
              .filter(f -> f.name().equals(image.name()))
              .findFirst()
              .orElseGet(() -> OtaFile.of(image)); // many meters get one image
      Upgrade fresh = new Upgrade(file, this::share);
      upgrades.put(to.eui64(), fresh);
      return fresh;
    } catch (IllegalArgumentException e) {
      throw fault(Fault.Code.FORBIDDEN, meter, String.valueOf(e.getMessage()));
    }
  }

  /** What one of those that ask for blocks may have, in bytes a second. */
  private int share() {
    long going = upgrades.values().stream().filter(u -> u.state() == Upgrade.State.GOING).count();
    return (int) Math.max(1, BYTES_PER_SECOND / Math.max(1, going));
  }

  private boolean notified(Known to, Upgrade upgrade) throws InterruptedException {
    Optional<Coordinator> open = line.get();
    byte[] bytes = new Zcl(true, true, 0, Upgrade.NOTIFY, upgrade.notification()).bytes();
    return open.isPresent()
        && open.get()
            .send(to.address(), Clusters.ENDPOINT, Clusters.PROFILE, Clusters.UPGRADE, true, bytes);
  }

  private void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      boolean unused = changed.await(nanos, TimeUnit.NANOSECONDS);
    } finally {
      lock.unlock();
    }
  }

  /** Not whole before the meter has judged it. */
  private static ImageProgress progress(Upgrade upgrade) {
    int blocks = Math.ceilDiv(upgrade.file().size(), BLOCK);
    int there = Math.min(Math.ceilDiv(upgrade.reached(), BLOCK), blocks - 1);
    return new ImageProgress(
        upgrade.file().name(), upgrade.state() == Upgrade.State.WHOLE ? blocks : there, blocks);
  }

  /** Takes what a meter asks; gives what it is answered. */
  Optional<Zcl> answer(Known from, Zcl zcl) {
    Upgrade upgrade = upgrades.get(from.eui64());
    if (upgrade == null || zcl.fromServer()) {
      return Optional.empty();
    }
    Upgrade.State before = upgrade.state();
    Optional<Upgrade.Answer> answer = upgrade.take(zcl.command(), zcl.payload(), System.nanoTime());
    if (upgrade.state() != before) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
    return answer.map(a -> new Zcl(true, true, zcl.sequence(), a.command(), a.payload()));
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }
}
