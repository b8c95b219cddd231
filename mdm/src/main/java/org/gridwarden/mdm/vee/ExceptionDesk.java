package org.gridwarden.mdm.vee;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Tx;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.VeeException;

/**
 * What people decide about what validation found: they let it stand, or set other values, or take
 * that back. Values are versions beside the raw ones, which stay; each act is audited in its own
 * transaction. Thread-safe.
 */
public final class ExceptionDesk {
  private static final int MOST_WORDS = 900;

  private final Store store;
  private final SlotEdits edits;
  private final InstantSource clock;

  public ExceptionDesk(Store store, InstantSource clock) {
    this.store = store;
    this.edits = new SlotEdits(store.slotVersions(), clock);
    this.clock = clock;
  }

  /**
   * Lets stand what was found: the value, or what stands in for it.
   *
   * @throws VeeFault where there is none, it is settled, or no reason is given
   */
  public VeeException accept(long id, String reason, Actor by) {
    String why = why(reason);
    return told(tx -> {
      VeeException one = known(tx, id);
      if (one.state() != VeeException.State.OPEN) {
        throw settled(one);
      }
      settle(tx, one, VeeException.State.ACCEPTED, why, by);
      return id;
    });
  }

  /**
   * Sets slots that follow each other, within the day that the finding is of.
   *
   * @param from the first slot's beginning
   * @param values one a slot, in the channel's unit
   * @throws VeeFault where there is none, the slots lie outside its day, or a value is finer than
   *     the channel's
   */
  public VeeException edit(
      long id, Instant from, List<BigDecimal> values, String reason, Actor by) {
    String why = why(reason);
    person(by);
    return told(tx -> {
      VeeException one = known(tx, id);
      Day day = day(one);
      Duration slot = one.channel().slot();
      Instant end = from.plus(slot.multipliedBy(values.size()));
      boolean onGrid = Duration.between(day.start(), from).toSeconds() % slot.toSeconds() == 0;
      if (values.isEmpty() || from.isBefore(day.start()) || end.isAfter(day.end()) || !onGrid) {
        throw new VeeFault(
            Fault.Code.MALFORMED,
            "from",
            "the slots lie in the day of the finding, "
                + day.start()
                + " to "
                + day.end()
                + ", each "
                + slot.toSeconds()
                + " s long");
      }
      edits.set(tx, one.meter(), one.channel(), from, raw(one.channel(), values), by, why);
      settle(
          tx,
          one,
          VeeException.State.EDITED,
          why,
          by,
          ", " + values.size() + " slots from " + from);
      return id;
    });
  }

  /**
   * Takes back what people did: what they set in its day, and that it is settled.
   *
   * @throws VeeFault where there is none, or nothing to take back
   */
  public VeeException undo(long id, String reason, Actor by) {
    String why = why(reason);
    person(by);
    return told(tx -> {
      VeeException one = known(tx, id);
      Day day = day(one);
      int slots = edits.undo(tx, one.meter(), one.channel(), day.start(), day.end(), by, why);
      if (slots == 0 && one.state() != VeeException.State.ACCEPTED) {
        throw new VeeFault(
            Fault.Code.CONFLICT, "exception " + id, "nobody set anything in its day");
      }
      settle(tx, one, VeeException.State.OPEN, why, by, ", " + slots + " slots taken back");
      return id;
    });
  }

  private record Day(Instant start, Instant end) {}

  private Day day(VeeException one) {
    ZoneId zone = store.meters().byId(one.meter()).map(Meter::zone).orElse(ZoneId.of("UTC"));
    LocalDate day = one.what().day();
    return new Day(
        day.atStartOfDay(zone).toInstant(), day.plusDays(1).atStartOfDay(zone).toInstant());
  }

  private static List<Long> raw(SlotVersions.Channel channel, List<BigDecimal> values) {
    List<Long> raw = new ArrayList<>();
    for (BigDecimal value : values) {
      try {
        if (value.precision() > 30 || Math.abs(value.scale()) > 30) {
          throw new ArithmeticException();
        }
        raw.add(value.movePointLeft(channel.scaler()).longValueExact());
      } catch (ArithmeticException e) {
        throw new VeeFault(
            Fault.Code.MALFORMED,
            "values",
            "are whole multiples of 10^"
                + channel.scaler()
                + " "
                + channel.unit().symbol()
                + ", as the channel's are");
      }
    }
    return raw;
  }

  private void settle(Tx tx, VeeException one, VeeException.State state, String why, Actor by) {
    settle(tx, one, state, why, by, "");
  }

  private void settle(
      Tx tx, VeeException one, VeeException.State state, String why, Actor by, String more) {
    boolean open = state == VeeException.State.OPEN;
    store
        .veeExceptions()
        .settle(tx, one.id(), state, open ? "" : by.name(), open ? "" : why, clock.instant());
    String detail =
        "exception "
            + one.id()
            + " of meter "
            + one.meter()
            + ", "
            + one.what().day()
            + ", "
            + one.what().rule()
            + more
            + ": "
            + why;
    store
        .auditLog()
        .append(
            tx,
            by,
            "vee." + (open ? "undone" : state.word()),
            detail.getBytes(StandardCharsets.UTF_8));
  }

  private VeeException known(Tx tx, long id) {
    return store
        .veeExceptions()
        .hold(tx, id)
        .orElseThrow(() ->
            new VeeFault(Fault.Code.MALFORMED, "exception " + id, "there is no such exception"));
  }

  private static VeeFault settled(VeeException one) {
    return new VeeFault(
        Fault.Code.CONFLICT,
        "exception " + one.id(),
        "is settled already (" + one.state().word() + ")");
  }

  private static void person(Actor by) {
    if (by.kind() != Actor.Kind.PERSON) {
      throw new VeeFault(Fault.Code.FORBIDDEN, "who", "only a person edits a curve");
    }
  }

  private static String why(String reason) {
    String why = reason.strip();
    if (why.isEmpty() || why.length() > MOST_WORDS) {
      throw new VeeFault(Fault.Code.MALFORMED, "reason", "has 1 to " + MOST_WORDS + " characters");
    }
    return why;
  }

  private VeeException told(Function<Tx, Long> act) {
    return store.veeExceptions().find(store.unitOfWork().call(act)).orElseThrow();
  }
}
