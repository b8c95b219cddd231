package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.Order;

/**
 * Switches meters that have no tunnel, by a cluster that everybody with the link key may speak, and
 * only by the dongle's gate. Which meters those are a person says in its {@code meters.txt}, one a
 * line. Thread-safe.
 */
final class SupplyGate {
  private static final int MOST = 100_000;

  private final DongleGate gate;
  private final Set<MeterId> meters;
  private final InstantSource clock;

  /** The way to one meter. */
  interface Hand {
    /**
     * Sends ChangeSupply.
     *
     * @return how the supply stands; empty where the meter does not answer or refused
     */
    OptionalInt change(byte[] payload, long event) throws InterruptedException;
  }

  private SupplyGate(DongleGate gate, Set<MeterId> meters, InstantSource clock) {
    this.gate = gate;
    this.meters = Set.copyOf(meters);
    this.clock = clock;
  }

  /**
   * Opens the list of a coordinator; empty where it has none.
   *
   * @param gate the dongle's
   * @throws IOException where the list is damaged
   */
  static Optional<SupplyGate> open(Path coordinator, DongleGate gate, InstantSource clock)
      throws IOException {
    Path list = coordinator.resolve("gate").resolve("meters.txt");
    if (!Files.exists(list)) {
      return Optional.empty();
    }
    Set<MeterId> meters = new HashSet<>();
    int number = 0;
    for (String line : Files.readAllLines(list)) {
      number++;
      String word = line.strip();
      if (word.isEmpty() || word.startsWith("#")) {
        continue;
      }
      try {
        meters.add(new MeterId(word));
      } catch (IllegalArgumentException e) {
        throw new IOException(list + ", line " + number + ": " + e.getMessage(), e);
      }
      if (meters.size() > MOST) {
        throw new IOException(list + " names more than " + MOST + " meters");
      }
    }
    return Optional.of(new SupplyGate(gate, meters, clock));
  }

  /** Whether it stands before a meter. */
  boolean serves(MeterId meter) {
    return meters.contains(meter);
  }

  /**
   * Does what a signed order says.
   *
   * @return as {@link DongleGate#send}
   * @throws ChannelException as there
   */
  Receipt send(SignedCommand command, Hand meter) throws ChannelException, InterruptedException {
    return gate.send(command, this::hindrance, order -> act(order, meter));
  }

  private Optional<String> hindrance(Order order) {
    return !serves(order.meter())
        ? Optional.of("this gate does not stand before that meter")
        : SupplyChange.wanted(order.action()).isEmpty()
            ? Optional.of(
                "Zigbee has no word for '"
                    + order.action().word()
                    + "' to a meter without a tunnel")
            : Optional.empty();
  }

  private DongleGate.Done act(Order order, Hand meter)
      throws ChannelException, InterruptedException {
    Action action = order.action();
    long event = SmartEnergyTime.seconds(clock.instant());
    OptionalInt stands =
        meter.change(
            SupplyChange.bytes(event, clock.instant(), SupplyChange.wanted(action).orElseThrow()),
            event);
    if (stands.isEmpty()) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + order.meter(),
              "it was told, and says nothing; how its supply stands is not known"));
    }
    Optional<CommandState> outcome = SupplyChange.outcome(action, stands.getAsInt());
    return new DongleGate.Done(
        outcome.orElse(CommandState.REFUSED),
        outcome.isPresent()
            ? "the meter says that its supply stands so"
            : "the meter took it, and its supply stands at " + stands.getAsInt(),
        new byte[] {(byte) stands.getAsInt()});
  }
}
