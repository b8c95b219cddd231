package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;

/**
 * Switches the outlets of a power strip, which verifies nobody's signature: so the order's is
 * verified here, last of all, against operators whom a person put into the coordinator's folder;
 * then meter, time, and that it was not obeyed before. What was done is read back from the strip.
 * One thread at a time.
 */
final class StripSession implements MeterSession {
  /** So far may the office's clock and an operator's differ. */
  static final Duration SKEW = Duration.ofMinutes(2);

  /**
   * The output state (attribute 2) of a disconnect control (class 70), whose channel is the outlet.
   */
  private static final Pattern SWITCH =
      Pattern.compile("0\\.([1-9][0-9]?)\\.96\\.3\\.10\\.255:70:2");

  /** A boolean as COSEM encodes it. */
  private static final int BOOLEAN = 0x03;

  private final MeterId meter;
  private final List<Outlet> outlets;
  private final Function<byte[], Optional<PublicKey>> operators;
  private final StripOrders book;
  private final Radio radio;
  private final InstantSource clock;

  /**
   * @param meter the strip
   * @param outlets all of them
   * @param operators whose orders are obeyed, by the id of their key
   * @param book which orders were obeyed
   * @param radio to the strip
   */
  StripSession(
      MeterId meter,
      List<Outlet> outlets,
      Function<byte[], Optional<PublicKey>> operators,
      StripOrders book,
      Radio radio,
      InstantSource clock) {
    this.meter = meter;
    this.outlets = List.copyOf(outlets);
    this.operators = operators;
    this.book = book;
    this.radio = radio;
    this.clock = clock;
  }

  /** The strip's own switch. */
  interface Radio {
    /** Has an outlet switched; whether the strip says that it did. */
    boolean turn(Outlet outlet, boolean on) throws InterruptedException;

    /** Reads whether an outlet is on; empty where the strip does not answer. */
    Optional<Boolean> isOn(Outlet outlet) throws InterruptedException;
  }

  /** Which outlets are to be how. */
  private record Wanted(List<Outlet> outlets, boolean on) {}

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    Order order = genuine(command);
    Instant now = clock.instant();
    if (book.done(order.id())) {
      return receipt(order, CommandState.CONFIRMED, "it was done when it came first");
    }
    if (!now.isBefore(order.expires().plus(SKEW))) {
      return receipt(order, CommandState.EXPIRED, "its time is over");
    }
    if (now.isBefore(order.notBefore().minus(SKEW))) {
      return receipt(order, CommandState.REFUSED, "its time has not come");
    }
    Optional<Wanted> wanted = wanted(order.action());
    if (wanted.isEmpty()) {
      return receipt(
          order,
          CommandState.REFUSED,
          "a power strip of " + outlets.size() + " outlets is switched, and nothing else");
    }
    try {
      if (!book.begin(order, now)) {
        return receipt(order, CommandState.REFUSED, "another command came after it");
      }
    } catch (IOException e) {
      throw fault(
          Fault.Code.BUSY, "nothing was switched, for it cannot be kept: " + e.getMessage());
    }
    List<String> said = new ArrayList<>();
    for (Outlet outlet : wanted.get().outlets()) {
      // whether it answered or not: what counts is how it stands afterwards
      boolean unused = radio.turn(outlet, wanted.get().on());
      boolean on = read(outlet);
      if (on != wanted.get().on()) {
        throw fault(
            Fault.Code.TIMEOUT,
            "outlet " + outlet.number() + " is " + word(on) + " still: it did not obey");
      }
      said.add("outlet " + outlet.number() + " reads " + word(on));
    }
    try {
      book.end(order, now);
    } catch (IOException e) {
      throw fault(Fault.Code.BUSY, "it was switched, and that cannot be kept: " + e.getMessage());
    }
    return receipt(order, CommandState.CONFIRMED, String.join(", ", said));
  }

  /** The order, once an operator's signature under it is good. */
  private Order genuine(SignedCommand command) throws ChannelException {
    try {
      Signed signed = Signed.parse(command.signed());
      PublicKey operator =
          operators
              .apply(signed.keyId())
              .orElseThrow(() ->
                  new CommandException(
                      "the coordinator's folder has no such operator's key: put it into its"
                          + " operators/, by 'command key export'"));
      Order order = Order.parse(signed.open(Purpose.ORDER, operator));
      if (!order.meter().equals(meter) || !order.id().equals(command.id())) {
        throw new CommandException("the order is another one's");
      }
      return order;
    } catch (CommandException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.FORBIDDEN, "meter " + meter, e.getMessage() + "; nothing was switched"),
          e);
    }
  }

  private Optional<Wanted> wanted(Action action) {
    return switch (action) {
      case Action.Disconnect _ -> Optional.of(new Wanted(outlets, false));
      case Action.Connect _ -> Optional.of(new Wanted(outlets, true));
      case Action.Configure one -> {
        Matcher name = SWITCH.matcher(one.attribute());
        byte[] value = one.value();
        if (!name.matches() || value.length != 2 || value[0] != BOOLEAN) {
          yield Optional.empty();
        }
        int number = Integer.parseInt(name.group(1));
        yield outlets.stream()
            .filter(o -> o.number() == number)
            .findFirst()
            .map(o -> new Wanted(List.of(o), value[1] != 0));
      }
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<CommandState> look(Action action) throws ChannelException, InterruptedException {
    Wanted wanted =
        wanted(action)
            .orElseThrow(() -> fault(Fault.Code.FORBIDDEN, "a power strip is only switched"));
    for (Outlet outlet : wanted.outlets()) {
      if (read(outlet) != wanted.on()) {
        return Optional.empty();
      }
    }
    return Optional.of(CommandState.CONFIRMED);
  }

  private boolean read(Outlet outlet) throws ChannelException, InterruptedException {
    return radio
        .isOn(outlet)
        .orElseThrow(() ->
            fault(
                Fault.Code.TIMEOUT,
                "outlet " + outlet.number() + " does not answer: is the strip plugged in?"));
  }

  private static String word(boolean on) {
    return on ? "on" : "off";
  }

  private Receipt receipt(Order order, CommandState outcome, String words) {
    return new Receipt(
        order.id(), outcome, clock.instant(), words.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Assurance assurance() {
    return Assurance.TRANSPORT;
  }

  @Override
  public Stream<Message> read(ReadPlan plan) throws ChannelException {
    throw unasked();
  }

  @Override
  public ClockReading clock() throws ChannelException {
    throw unasked();
  }

  @Override
  public void shiftClock(Duration by) throws ChannelException {
    throw unasked();
  }

  private ChannelException unasked() {
    return fault(Fault.Code.FORBIDDEN, "a power strip reports by itself, and has no clock");
  }

  private ChannelException fault(Fault.Code code, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public void close() {
    // there is no connection
  }
}
