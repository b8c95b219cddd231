package org.gridwarden.simulator.zigbee.meter;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * A meter's display: shows one text at a time, the client of Messaging. A consumer confirms what
 * asks for it. On the model's thread only.
 */
public final class Display implements MeterCluster {
  static final int MESSAGING = 0x0703;
  static final int DISPLAY = 0x00;
  static final int CANCEL = 0x01;
  static final int GET_LAST = 0x00;
  static final int CONFIRM = 0x01;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int ASKS = 0x80;
  private static final int FOR_EVER = 0xFFFF;

  private final Timeline time;
  private final Supplier<Instant> clock;
  private final EnergyServices.Line line;
  private @Nullable Text shown;
  private Timeline.@Nullable Due next;

  /**
   * A text.
   *
   * @param importance 0 low to 3 critical
   * @param confirm whether the consumer is asked to confirm it
   */
  public record Text(long id, int importance, boolean confirm, String words) {}

  Display(Timeline time, Supplier<Instant> clock, EnergyServices.Line line) {
    this.time = time;
    this.clock = clock;
    this.line = line;
  }

  /** What is shown now. */
  public Optional<Text> text() {
    return Optional.ofNullable(shown);
  }

  /** The consumer presses the button beside it; says whether that was asked for. */
  public boolean confirm() {
    Text text = shown;
    if (text == null || !text.confirm) {
      return false;
    }
    line.ask(
        MESSAGING,
        true,
        CONFIRM,
        new Zcl.Out()
            .number(4, text.id)
            .number(4, clock.get().getEpochSecond() - EPOCH.getEpochSecond())
            .done());
    return true;
  }

  @Override
  public void begin() {
    line.ask(MESSAGING, true, GET_LAST, new byte[0]);
  }

  @Override
  public boolean take(int cluster, Zcl zcl) {
    if (cluster != MESSAGING || !zcl.cluster() || !zcl.fromServer()) {
      return false;
    }
    byte[] all = zcl.payload();
    switch (zcl.command()) {
      case DISPLAY -> {
        if (all.length >= 12 && all.length >= 12 + (all[11] & 0xFF)) {
          display(all);
        }
      }
      case CANCEL -> {
        Text text = shown;
        if (all.length == 5 && text != null && text.id == Zcl.number(all, 0, 4)) {
          clear();
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void display(byte[] all) {
    long start = Zcl.number(all, 5, 4);
    int minutes = (int) Zcl.number(all, 9, 2);
    Text text =
        new Text(
            Zcl.number(all, 0, 4),
            (all[4] & 0x0C) >> 2,
            (all[4] & ASKS) != 0,
            new String(all, 12, all[11] & 0xFF, StandardCharsets.UTF_8));
    Instant now = clock.get();
    Instant from = start == 0 ? now : EPOCH.plusSeconds(start);
    Instant until = from.plusSeconds(60L * minutes);
    if (minutes != FOR_EVER && !until.isAfter(now)) {
      return;
    }
    clear();
    shown = text;
    if (minutes != FOR_EVER) {
      next = time.after(Duration.between(now, until).toNanos() / 1_000, this::clear);
    }
  }

  private void clear() {
    shown = null;
    if (next != null) {
      next.cancel();
    }
  }
}
