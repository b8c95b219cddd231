package org.gridwarden.security.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;

/**
 * What every gate does before it makes a byte for a meter: verifies that an operator whom it knows
 * by itself has signed the order, that its time is there and not over, that it was not done before
 * and nothing came after it; and signs a record of what became of it. Whoever asks is taken to be
 * hostile. Thread-safe: a meter has one command at a time.
 */
public final class OrderGate {
  /** So far may the office's clock and the gate's differ. */
  private static final Duration SKEW = Duration.ofMinutes(2);

  private final Function<byte[], Optional<PublicKey>> operators;
  private final Signer signer;
  private final OrderBook book;
  private final InstantSource clock;
  private final ConcurrentHashMap<MeterId, ReentrantLock> busy = new ConcurrentHashMap<>();

  private OrderGate(
      Function<byte[], Optional<PublicKey>> operators,
      Signer signer,
      OrderBook book,
      InstantSource clock) {
    this.operators = operators;
    this.signer = signer;
    this.book = book;
    this.clock = clock;
  }

  /**
   * Opens what a gate keeps in its folder: {@code operators/} whom it obeys, put there by a person,
   * {@code orders.log} its book, {@code gate-key.pub.pem} with what it signs, made where there is
   * none.
   *
   * @param own wraps the key that signs
   * @throws IOException where a file is damaged or readable by others
   */
  public static OrderGate open(Path folder, OfficeKey own, InstantSource clock) throws IOException {
    return new OrderGate(
        new TrustFolder(folder.resolve("operators")),
        GateKey.open(folder, own),
        OrderBook.open(folder),
        clock);
  }

  /**
   * Begins an order, or finds that there is nothing to be done. To be closed by the same thread.
   *
   * @param hindrance why the gate makes no such command for that meter; empty where it does
   * @throws CommandException where the order is not genuine
   * @throws IOException where the meter has a command on its way, or the book cannot be kept:
   *     nothing was begun
   */
  public Turn turn(byte[] signedOrder, Function<Order, Optional<String>> hindrance)
      throws CommandException, IOException {
    Signed signed = Signed.parse(signedOrder);
    PublicKey operator =
        operators
            .apply(signed.keyId())
            .orElseThrow(() ->
                new CommandException(
                    "this gate knows no operator with the key "
                        + HexFormat.of().formatHex(signed.keyId())));
    Order order = Order.parse(signed.open(Purpose.ORDER, operator));
    ReentrantLock lock = busy.computeIfAbsent(order.meter(), m -> new ReentrantLock());
    if (lock.isHeldByCurrentThread() || !lock.tryLock()) {
      throw new IOException("another command to meter " + order.meter() + " is on its way");
    }
    try {
      return new Turn(order, lock, already(order, hindrance));
    } catch (CommandException | IOException | RuntimeException e) {
      lock.unlock();
      throw e;
    }
  }

  private Optional<byte[]> already(Order order, Function<Order, Optional<String>> hindrance)
      throws CommandException, IOException {
    Optional<byte[]> before = book.record(order.id());
    if (before.isPresent()) {
      return before;
    }
    Instant now = clock.instant();
    if (!now.isBefore(order.expires().plus(SKEW))) {
      return Optional.of(record(order, CommandState.EXPIRED, "its time is over", new byte[0]));
    }
    Optional<String> why =
        now.isBefore(order.notBefore().minus(SKEW))
            ? Optional.of("its time has not come")
            : hindrance.apply(order);
    if (why.isPresent()) {
      return Optional.of(record(order, CommandState.REFUSED, why.get(), new byte[0]));
    }
    return switch (book.begin(order)) {
      case OrderBook.Entry.Finished(byte[] record) -> Optional.of(record);
      case OrderBook.Entry.Overtaken _ ->
          Optional.of(
              record(order, CommandState.REFUSED, "another command came after it", new byte[0]));
      case OrderBook.Entry.Begun _ -> Optional.empty();
    };
  }

  private byte[] record(Order order, CommandState outcome, String detail, byte[] answer)
      throws CommandException {
    GateRecord record =
        new GateRecord(order.id(), order.meter(), outcome, clock.instant(), detail, answer);
    return Signed.sign(Purpose.GATE, signer, record.bytes()).bytes();
  }

  /** One order's turn at its meter. Not thread-safe. */
  public final class Turn implements AutoCloseable {
    private final Order order;
    private final ReentrantLock lock;
    private final Optional<byte[]> record;

    private Turn(Order order, ReentrantLock lock, Optional<byte[]> record) {
      this.order = order;
      this.lock = lock;
      this.record = record;
    }

    /** What is to be done, verified. */
    public Order order() {
      return order;
    }

    /** The record under the gate's signature where nothing is to be done (any more). */
    public Optional<byte[]> record() {
      return record.map(byte[]::clone);
    }

    /**
     * It was done, or the meter refused it.
     *
     * @param outcome as {@link GateRecord} has it
     * @param answer what the meter said, at most {@link GateRecord#LONGEST_ANSWER} bytes
     * @return the record, which the same order gives again
     */
    public byte[] end(CommandState outcome, String detail, byte[] answer)
        throws CommandException, IOException {
      byte[] ended = OrderGate.this.record(order, outcome, detail, answer);
      book.end(order.id(), ended);
      return ended;
    }

    @Override
    public void close() {
      lock.unlock();
    }
  }
}
