package org.gridwarden.channel.sip;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Deadline;

/**
 * One meter's line: where it is registered, whether it listens for orders, and the order that lies
 * for it; each once, the latest. An order stays until its receipt came or its time is over.
 * Thread-safe.
 */
final class Line {
  private Optional<Binding> binding = Optional.empty();
  private Optional<Dialog> dialog = Optional.empty();
  private Optional<Order> order = Optional.empty();
  private long heard = System.nanoTime();
  private boolean asking;

  /** A registration, until a moment of the monotonic clock. */
  record Binding(Way way, String contact, Deadline until) {}

  /**
   * A subscription.
   *
   * @param local this end's address, with its tag
   * @param remote the meter's, with its tag
   * @param event as it asked for it
   * @param number of the last request in it
   */
  record Dialog(
      Way way,
      String callId,
      String local,
      String remote,
      String event,
      Deadline until,
      AtomicLong number) {
    /** Whether a later request is in the same. */
    boolean isSame(String otherCallId, String otherLocalTag) {
      return callId.equals(otherCallId) && local.endsWith(";tag=" + otherLocalTag);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // stays here
  record Order(byte[] message, Deadline until) {}

  private static boolean isOver(Deadline until, Way way) {
    return until.left().isNegative() || !way.flow().isOpen();
  }

  synchronized void bind(Optional<Binding> now) {
    binding = now;
  }

  synchronized Optional<Binding> binding() {
    binding = binding.filter(b -> !isOver(b.until(), b.way()));
    return binding;
  }

  synchronized void listen(Optional<Dialog> now) {
    dialog = now;
  }

  synchronized Optional<Dialog> dialog() {
    dialog = dialog.filter(d -> !isOver(d.until(), d.way()));
    return dialog;
  }

  /** A subscription has ended; a newer one stands. */
  @SuppressWarnings("ReferenceEquality") // that very one
  synchronized void end(Dialog which) {
    dialog = dialog.filter(d -> d != which);
  }

  /** Nothing is known any more of where it is, as far as that was this way; a newer one stands. */
  @SuppressWarnings("ReferenceEquality") // that very one
  synchronized void lost(Way way) {
    binding = binding.filter(b -> b.way() != way);
    dialog = dialog.filter(d -> d.way() != way);
  }

  /** How it can be called now. */
  synchronized Optional<Way> way() {
    return dialog().map(Dialog::way).or(() -> binding().map(Binding::way));
  }

  synchronized void lay(Order now) {
    order = Optional.of(now);
  }

  synchronized Optional<Order> order() {
    order = order.filter(o -> !o.until().left().isNegative());
    return order;
  }

  /** Its order was answered. */
  synchronized void empty() {
    order = Optional.empty();
  }

  /** The meter has said something. */
  synchronized void heard() {
    heard = System.nanoTime();
    asking = false;
  }

  /** Whether it is to be asked now whether it lives; then nobody else asks. */
  synchronized boolean ask(long silence) {
    boolean due = !asking && System.nanoTime() - heard >= silence;
    asking |= due;
    return due;
  }
}
