package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.gate.OrderGate;
import org.jspecify.annotations.Nullable;

/**
 * The gate before a dongle's devices that verify no signature. Its folder is {@code gate} in the
 * coordinator's; a person puts the operators whom it obeys into {@code operators} there. It is in
 * the process that has the dongle: whoever takes that over needs no order. Thread-safe.
 */
final class DongleGate {
  private final Path folder;
  private final InstantSource clock;
  private @Nullable OrderGate gate;

  /**
   * What a device did.
   *
   * @param outcome CONFIRMED, READY or REFUSED
   * @param words for people
   * @param answer what it said, at most {@link GateRecord#LONGEST_ANSWER} bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // made to be signed, never changed
  record Done(CommandState outcome, String words, byte[] answer) {}

  /** Does what a genuine order says. */
  interface Device {
    /**
     * @throws ChannelException where it is not known what became of it: the order may come again
     */
    Done act(Order order) throws ChannelException, InterruptedException;
  }

  private DongleGate(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * The gate of a coordinator; it stands once its folder is there.
   *
   * @throws IOException where a file of it is damaged, or readable by others
   */
  static DongleGate of(Path coordinator, InstantSource clock) throws IOException {
    DongleGate gate = new DongleGate(coordinator.resolve("gate"), clock);
    Optional<OrderGate> unused = gate.opened();
    return gate;
  }

  private synchronized Optional<OrderGate> opened() throws IOException {
    if (gate == null && Files.isDirectory(folder)) {
      SecretFiles.folder(folder);
      gate = OrderGate.open(folder, OfficeKey.open(folder.resolve("keys")), clock);
    }
    return Optional.ofNullable(gate);
  }

  /**
   * Has a device do what a signed order says, once.
   *
   * @param hindrance why it does not; empty where it does
   * @return the gate's signed record as the evidence; the same order gives it again
   * @throws ChannelException FORBIDDEN where the order is not genuine, BUSY where it was not begun,
   *     TIMEOUT where it is not known what became of it
   */
  Receipt send(SignedCommand command, Function<Order, Optional<String>> hindrance, Device device)
      throws ChannelException, InterruptedException {
    try {
      OrderGate open =
          opened()
              .orElseThrow(
                  () -> new CommandException("there is none; make " + folder + "/operators/"));
      try (OrderGate.Turn turn =
          open.turn(
              command.signed(),
              order ->
                  same(command, order)
                      ? hindrance.apply(order)
                      : Optional.of("it was handed in as another one"))) {
        if (!same(command, turn.order())) {
          throw fault(Fault.Code.FORBIDDEN, command, "the order is another one; nothing was sent");
        }
        byte[] record = turn.record().isPresent() ? turn.record().get() : act(turn, device);
        // its own signature, made a moment ago
        GateRecord said = GateRecord.parse(Signed.parse(record).unverified());
        return new Receipt(said.id(), said.outcome(), said.at(), record);
      }
    } catch (CommandException e) {
      throw fault(
          Fault.Code.FORBIDDEN,
          command,
          "the gate refused it: "
              + e.getMessage()
              + "; nothing was sent. Whom it obeys a person puts into "
              + folder
              + "/operators/, by 'command key export'");
    } catch (IOException e) {
      throw fault(Fault.Code.BUSY, command, "the gate did not begin it: " + e.getMessage());
    }
  }

  private static byte[] act(OrderGate.Turn turn, Device device)
      throws ChannelException, InterruptedException {
    Done done = device.act(turn.order());
    try {
      return turn.end(done.outcome(), done.words(), done.answer());
    } catch (CommandException | IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + turn.order().meter(),
              "it was told, and the gate cannot keep what it said: " + e.getMessage()),
          e);
    }
  }

  private static boolean same(SignedCommand command, Order order) {
    return order.id().equals(command.id()) && order.meter().equals(command.meter());
  }

  private static ChannelException fault(Fault.Code code, SignedCommand command, String remedy) {
    return new ChannelException(new Fault(code, "meter " + command.meter(), remedy));
  }
}
