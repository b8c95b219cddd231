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
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.gate.OrderGate;

/**
 * Switches meters that have no tunnel, by a cluster that everybody with the link key may speak, and
 * only on an order that an operator signed whom this gate knows by itself. Its folder is {@code
 * gate} in the coordinator's: {@code meters.txt} with the meters, one a line, and {@code operators}
 * are put there by a person. It is in the process that has the dongle: whoever takes that over
 * needs no order. Thread-safe.
 */
final class SupplyGate {
  private static final int MOST = 100_000;

  private final OrderGate gate;
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

  private SupplyGate(OrderGate gate, Set<MeterId> meters, InstantSource clock) {
    this.gate = gate;
    this.meters = Set.copyOf(meters);
    this.clock = clock;
  }

  /**
   * Opens a coordinator's gate; empty where it has none.
   *
   * @throws IOException where a file of it is damaged, or readable by others
   */
  static Optional<SupplyGate> open(Path coordinator, InstantSource clock) throws IOException {
    Path folder = coordinator.resolve("gate");
    Path list = folder.resolve("meters.txt");
    if (!Files.exists(list)) {
      return Optional.empty();
    }
    SecretFiles.folder(folder);
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
    OfficeKey own = OfficeKey.open(folder.resolve("keys"));
    return Optional.of(new SupplyGate(OrderGate.open(folder, own, clock), meters, clock));
  }

  /** Whether it stands before a meter. */
  boolean serves(MeterId meter) {
    return meters.contains(meter);
  }

  /**
   * Does what a signed order says.
   *
   * @return the gate's signed record as the evidence
   * @throws ChannelException FORBIDDEN where the order is not genuine, BUSY where it was not begun,
   *     TIMEOUT where the meter did not answer: what became of it is read from the meter
   */
  Receipt send(SignedCommand command, Hand meter) throws ChannelException, InterruptedException {
    try (OrderGate.Turn turn = gate.turn(command.signed(), order -> hindrance(command, order))) {
      if (!same(command, turn.order())) {
        throw fault(Fault.Code.FORBIDDEN, command, "the order is another one; nothing was sent");
      }
      byte[] record = turn.record().isPresent() ? turn.record().get() : act(turn, meter);
      // its own signature, made a moment ago
      GateRecord said = GateRecord.parse(Signed.parse(record).unverified());
      return new Receipt(said.id(), said.outcome(), said.at(), record);
    } catch (CommandException e) {
      throw fault(
          Fault.Code.FORBIDDEN,
          command,
          "the gate refused it: " + e.getMessage() + "; nothing was sent");
    } catch (IOException e) {
      throw fault(Fault.Code.BUSY, command, "the gate did not begin it: " + e.getMessage());
    }
  }

  private static boolean same(SignedCommand command, Order order) {
    return order.id().equals(command.id()) && order.meter().equals(command.meter());
  }

  private Optional<String> hindrance(SignedCommand command, Order order) {
    return !same(command, order) || !serves(order.meter())
        ? Optional.of("this gate does not stand before that meter")
        : SupplyChange.wanted(order.action()).isEmpty()
            ? Optional.of(
                "Zigbee has no word for '"
                    + order.action().word()
                    + "' to a meter without a tunnel")
            : Optional.empty();
  }

  private byte[] act(OrderGate.Turn turn, Hand meter)
      throws ChannelException, InterruptedException {
    Action action = turn.order().action();
    long event = SmartEnergyTime.seconds(clock.instant());
    OptionalInt stands =
        meter.change(
            SupplyChange.bytes(event, clock.instant(), SupplyChange.wanted(action).orElseThrow()),
            event);
    if (stands.isEmpty()) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + turn.order().meter(),
              "it was told, and says nothing; how its supply stands is not known"));
    }
    Optional<CommandState> outcome = SupplyChange.outcome(action, stands.getAsInt());
    try {
      return turn.end(
          outcome.orElse(CommandState.REFUSED),
          outcome.isPresent()
              ? "the meter says that its supply stands so"
              : "the meter took it, and its supply stands at " + stands.getAsInt(),
          new byte[] {(byte) stands.getAsInt()});
    } catch (CommandException | IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + turn.order().meter(),
              "it was told, and the gate cannot keep what it said: " + e.getMessage()),
          e);
    }
  }

  private static ChannelException fault(Fault.Code code, SignedCommand command, String remedy) {
    return new ChannelException(new Fault(code, "meter " + command.meter(), remedy));
  }
}
