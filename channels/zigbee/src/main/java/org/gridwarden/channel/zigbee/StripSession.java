package org.gridwarden.channel.zigbee;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.UnaskedSession;

/**
 * Switches the outlets of a power strip, which verifies nobody's signature: so it is the dongle's
 * gate that verifies the order. What was done is read back from the strip. One thread at a time.
 */
final class StripSession extends UnaskedSession {
  /**
   * The output state (attribute 2) of a disconnect control (class 70), whose channel is the outlet.
   */
  private static final Pattern SWITCH =
      Pattern.compile("0\\.([1-9][0-9]?)\\.96\\.3\\.10\\.255:70:2");

  /** A boolean as COSEM encodes it. */
  private static final int BOOLEAN = 0x03;

  private final List<Outlet> outlets;
  private final DongleGate gate;
  private final Radio radio;

  /**
   * @param meter the strip
   * @param outlets all of them
   * @param gate before it
   * @param radio to the strip
   */
  StripSession(MeterId meter, List<Outlet> outlets, DongleGate gate, Radio radio) {
    super(meter, "a power strip reports by itself, and has no clock");
    this.outlets = List.copyOf(outlets);
    this.gate = gate;
    this.radio = radio;
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
    if (!command.meter().equals(meter())) {
      throw fault(
          Fault.Code.CONFLICT,
          "the command is for meter " + command.meter() + "; nothing was sent");
    }
    return gate.send(
        command,
        order ->
            wanted(order.action()).isPresent()
                ? Optional.empty()
                : Optional.of(
                    "a power strip of "
                        + outlets.size()
                        + " outlets is switched, and nothing else"),
        order -> act(wanted(order.action()).orElseThrow()));
  }

  /** The gate's book knows what it began. */
  @Override
  public boolean remembersCommands() {
    return true;
  }

  private DongleGate.Done act(Wanted wanted) throws ChannelException, InterruptedException {
    List<String> said = new ArrayList<>();
    for (Outlet outlet : wanted.outlets()) {
      // whether it answered or not: what counts is how it stands afterwards
      boolean unused = radio.turn(outlet, wanted.on());
      boolean on = read(outlet);
      if (on != wanted.on()) {
        throw fault(
            Fault.Code.TIMEOUT,
            "outlet " + outlet.number() + " is " + word(on) + " still: it did not obey");
      }
      said.add("outlet " + outlet.number() + " reads " + word(on));
    }
    return new DongleGate.Done(CommandState.CONFIRMED, String.join(", ", said), new byte[0]);
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

  @Override
  public Assurance assurance() {
    return Assurance.TRANSPORT;
  }
}
