package org.gridwarden.bench.net;

import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * One direction of a link, as a model: a queue of bounded length before a line of the link's rate,
 * then loss and delay, both by chance from a seed. Time is what the caller says it is, so that the
 * model is the same everywhere. One thread.
 */
public final class LinkModel {
  /** So much time a packet may spend in the queue before it is dropped: as a modem's buffer has. */
  private static final long LONGEST_QUEUE_NANOS = 4_000_000_000L;

  private static final double NANOS_A_BIT_AT_ONE_KILOBIT = 1e6;

  private final SplittableRandom dice;
  private Link link;
  private boolean cut;
  private long lineFree;
  private long lastOut;

  /**
   * @param seed the same packets at the same times are lost and late by the same seed
   */
  public LinkModel(Link link, long seed) {
    this.link = link;
    this.dice = new SplittableRandom(seed);
    this.lineFree = Long.MIN_VALUE;
    this.lastOut = Long.MIN_VALUE;
  }

  /** From now on it is another link; what is under way stays so. */
  public void become(Link next) {
    link = next;
  }

  /** From now on nothing passes, or everything again. */
  public void cut(boolean now) {
    cut = now;
  }

  /**
   * A packet comes.
   *
   * @param now in nanoseconds, never less than before
   * @param bytes its length
   * @return when it leaves at the other end; empty where it is lost. Packets do not overtake
   */
  public OptionalLong pass(long now, int bytes) {
    boolean lost = dice.nextDouble() < link.loss();
    double late = dice.nextDouble() * 2 - 1;
    long begins = Math.max(now, lineFree);
    if (cut || begins - now > LONGEST_QUEUE_NANOS) {
      return OptionalLong.empty();
    }
    lineFree =
        begins
            + (link.kilobits() == 0
                ? 0
                : Math.round(bytes * 8 * NANOS_A_BIT_AT_ONE_KILOBIT / link.kilobits()));
    if (lost) {
      return OptionalLong.empty(); // it has taken its time on the line all the same
    }
    long out = lineFree + link.delay().toNanos() + Math.round(late * link.jitter().toNanos());
    lastOut = Math.max(out, lastOut);
    return OptionalLong.of(lastOut);
  }
}
