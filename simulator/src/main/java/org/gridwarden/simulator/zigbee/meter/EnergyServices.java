package org.gridwarden.simulator.zigbee.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * What a meter asks of the office's energy services by Zigbee's own clusters: the time once a day,
 * and the price, which it only shows. On the model's thread only.
 */
public final class EnergyServices implements MeterCluster {
  static final int TIME = 0x000A;
  static final int PRICE = 0x0700;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int GET_CURRENT_PRICE = 0x00;
  private static final int PUBLISH_PRICE = 0x00;
  private static final int UTC_TIME = 0xE2;

  /** A clock that is nearer than that is left alone: the office's word is in whole seconds. */
  private static final Duration NEAR = Duration.ofSeconds(2);

  private static final long FIRST_PAUSE = 60_000_000;
  private static final long DAY = 86_400_000_000L;

  private final Timeline time;
  private final Supplier<Instant> own;
  private final Line line;
  private Duration ahead = Duration.ZERO;
  private boolean told;
  private @Nullable Price price;
  private Timeline.@Nullable Due next;
  private long pause = FIRST_PAUSE;

  /** How it asks. */
  interface Line {
    /**
     * @param own whether the command is the cluster's own
     */
    void ask(int cluster, boolean own, int command, byte[] payload);
  }

  /**
   * What its display shows.
   *
   * @param value per kilowatt-hour, with so many
   * @param digits behind the point
   * @param currency its number of ISO 4217
   * @param from from when on
   */
  public record Price(long value, int digits, int currency, Instant from) {}

  /**
   * @param own the meter's clock before anybody sets it
   */
  EnergyServices(Timeline time, Supplier<Instant> own, Line line) {
    this.time = time;
    this.own = own;
    this.line = line;
  }

  /** As after a power cut: it shows nothing, and asks for all. */
  public void restart() {
    price = null;
    told = false;
    ahead = Duration.ZERO;
    begin();
  }

  /** The office is there: it is asked. What is shown stands until there is another one. */
  @Override
  public void begin() {
    pause = FIRST_PAUSE;
    byte[] awake = {1};
    line.ask(PRICE, true, GET_CURRENT_PRICE, awake);
    askTime();
  }

  private void askTime() {
    line.ask(TIME, false, Zcl.READ, new byte[] {0, 0});
    again(pause);
    pause = Math.min(pause * 2, DAY);
  }

  private void again(long after) {
    if (next != null) {
      next.cancel();
    }
    next = time.after(after, this::askTime);
  }

  /** Its clock, as the office has set it. */
  public Instant clock() {
    return own.get().plus(ahead);
  }

  /** Whether the office has told it the time since it started. */
  public boolean told() {
    return told;
  }

  /** What its display shows. */
  public Optional<Price> price() {
    return Optional.ofNullable(price);
  }

  /** Takes what came from the office, where it is for it. */
  @Override
  public boolean take(int cluster, Zcl zcl) {
    byte[] all = zcl.payload();
    if (cluster == TIME && !zcl.cluster() && zcl.command() == Zcl.READ_RESPONSE) {
      if (all.length == 8 && all[2] == 0 && (all[3] & 0xFF) == UTC_TIME) {
        Instant office = EPOCH.plusSeconds(Zcl.number(all, 4, 4));
        if (Duration.between(clock(), office).abs().compareTo(NEAR) > 0) {
          ahead = Duration.between(own.get(), office);
        }
        told = true;
        again(DAY);
      }
      return true;
    }
    if (cluster == PRICE && zcl.cluster() && zcl.fromServer() && zcl.command() == PUBLISH_PRICE) {
      publish(all);
      return true;
    }
    return false;
  }

  /** Reads as far as it shows: provider, label, event, time, unit, currency, digits, price. */
  private void publish(byte[] all) {
    int label = all.length < 5 ? 0 : all[4] & 0xFF;
    int at = 5 + label + 4; // behind the event
    if (all.length < at + 19) {
      return;
    }
    long start = Zcl.number(all, at + 9, 4);
    price =
        new Price(
            Zcl.number(all, at + 15, 4),
            (all[at + 7] & 0xF0) >> 4,
            (int) Zcl.number(all, at + 5, 2),
            EPOCH.plusSeconds(start == 0 ? Zcl.number(all, at, 4) : start));
  }
}
