package org.gridwarden.security.command;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * A meter's desk for commands: does what is sealed by its head-end and signed by an operator whom
 * it knows, for itself, within its time, once; and answers with a signed receipt. Where seal or
 * signature is missing it does nothing and answers nothing. Thread-safe: one command after the
 * other.
 */
public final class OrderDesk {
  /** So far may a meter's clock and the office's differ. */
  private static final Duration SKEW = Duration.ofMinutes(2);

  private static final int REMEMBERED = 256;

  /** What a meter can do. */
  public interface Breaker {
    /**
     * Does what is asked.
     *
     * @return CONFIRMED, READY or REFUSED with a word of why or of the state that it is in now
     */
    Done act(Action action);

    /**
     * What was done.
     *
     * @param outcome CONFIRMED, READY or REFUSED
     * @param detail at most 256 bytes
     */
    record Done(CommandState outcome, String detail) {}
  }

  /** Where the counter is kept: durable before it returns, so that a power cut forgets nothing. */
  public interface Counter {
    /** The greatest that was seen; -1 for none. */
    long seen();

    /** From now on the greatest. */
    void seen(long counter);
  }

  /**
   * Which commands were done, and what was answered: durable before it returns, where a command
   * must not be done twice also after a power cut.
   */
  public interface Memory {
    /** The receipt of a command that was done before. */
    Optional<byte[]> receipt(CommandId id);

    /** Keeps a receipt. */
    void keep(CommandId id, byte[] receipt);

    /** One that lives as long as the desk, and knows the last 256 commands. */
    static Memory lastingAsLongAsTheDesk() {
      SequencedMap<CommandId, byte[]> receipts =
          new LinkedHashMap<>(16, 0.75f, false) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<CommandId, byte[]> eldest) {
              return size() > REMEMBERED;
            }
          };
      return new Memory() {
        @Override
        public Optional<byte[]> receipt(CommandId id) {
          return Optional.ofNullable(receipts.get(id));
        }

        @Override
        public void keep(CommandId id, byte[] receipt) {
          receipts.put(id, receipt.clone());
        }
      };
    }
  }

  /**
   * A seal that the desk accepts, and the greatest counter that was seen under it: another seal
   * counts from the beginning.
   */
  public record Seal(Secret key, Counter counter) {}

  /** The seals that are accepted now: two while the head-end's key changes. Thread-safe. */
  public interface Seals {
    /** At least one, the one in force first. */
    List<Seal> accepted();

    /** A genuine command came under this one: those before it are not accepted any more. */
    void used(Seal seal);

    /** One that never changes. */
    static Seals only(Seal seal) {
      return new Seals() {
        @Override
        public List<Seal> accepted() {
          return List.of(seal);
        }

        @Override
        public void used(Seal one) {
          // there is no other
        }
      };
    }
  }

  private final MeterId meter;
  private final Seals seals;
  private final Function<byte[], Optional<PublicKey>> operators;
  private final Signer signer;
  private final Breaker breaker;
  private final InstantSource clock;
  private final Memory memory;

  /**
   * A desk that forgets what it did when it is gone.
   *
   * @param seal the key that it shares with the head-end, 32 bytes
   * @param operators whose orders it obeys, by the id of their key
   * @param signer its own key
   */
  public OrderDesk(
      MeterId meter,
      Secret seal,
      Function<byte[], Optional<PublicKey>> operators,
      Signer signer,
      Counter counter,
      Breaker breaker,
      InstantSource clock) {
    this(meter, seal, operators, signer, counter, breaker, clock, Memory.lastingAsLongAsTheDesk());
  }

  /** The same with a memory of its own. */
  public OrderDesk(
      MeterId meter,
      Secret seal,
      Function<byte[], Optional<PublicKey>> operators,
      Signer signer,
      Counter counter,
      Breaker breaker,
      InstantSource clock,
      Memory memory) {
    this(meter, Seals.only(new Seal(seal, counter)), operators, signer, breaker, clock, memory);
  }

  /** One whose seal may change. */
  public OrderDesk(
      MeterId meter,
      Seals seals,
      Function<byte[], Optional<PublicKey>> operators,
      Signer signer,
      Breaker breaker,
      InstantSource clock,
      Memory memory) {
    this.meter = meter;
    this.seals = seals;
    this.operators = operators;
    this.signer = signer;
    this.breaker = breaker;
    this.clock = clock;
    this.memory = memory;
  }

  /**
   * Takes a dispatch.
   *
   * @return the receipt, a COSE_Sign1 message; the same command again gives the same receipt and
   *     does nothing
   * @throws CommandException where it is not genuine, or its counter was seen: no receipt
   */
  public synchronized byte[] take(byte[] dispatch) throws CommandException {
    Opened sealed = open(dispatch);
    Dispatch opened = sealed.dispatch();
    Counter counter = sealed.by().counter();
    if (opened.counter() <= counter.seen()) {
      throw new CommandException("the counter " + opened.counter() + " was seen before");
    }
    Signed signed = Signed.parse(opened.order());
    PublicKey operator =
        operators
            .apply(signed.keyId())
            .orElseThrow(() ->
                new CommandException(
                    "no operator has the key " + HexFormat.of().formatHex(signed.keyId())));
    Order order = Order.parse(signed.open(Purpose.ORDER, operator));
    counter.seen(opened.counter());
    seals.used(sealed.by());
    Optional<byte[]> before = memory.receipt(order.id());
    if (before.isPresent()) {
      return before.get().clone();
    }
    byte[] receipt = receipt(order, act(order));
    memory.keep(order.id(), receipt);
    return receipt.clone();
  }

  private record Opened(Dispatch dispatch, Seal by) {}

  /** Under whichever seal it is. */
  private Opened open(byte[] dispatch) throws CommandException {
    List<Seal> accepted = seals.accepted();
    for (Seal later : accepted.subList(1, accepted.size())) {
      try {
        return new Opened(Dispatch.open(dispatch, later.key()), later);
      } catch (CommandException e) {
        // under the first one, or by a stranger
      }
    }
    return new Opened(Dispatch.open(dispatch, accepted.getFirst().key()), accepted.getFirst());
  }

  private Breaker.Done act(Order order) {
    if (!order.meter().equals(meter)) {
      return new Breaker.Done(CommandState.REFUSED, "it is another meter's command");
    }
    Instant now = clock.instant();
    if (!now.isBefore(order.expires().plus(SKEW))) {
      return new Breaker.Done(CommandState.EXPIRED, "its time is over");
    }
    if (now.isBefore(order.notBefore().minus(SKEW))) {
      return new Breaker.Done(CommandState.REFUSED, "its time has not come");
    }
    return breaker.act(order.action());
  }

  private byte[] receipt(Order order, Breaker.Done done) throws CommandException {
    MeterReceipt receipt =
        new MeterReceipt(order.id(), meter, done.outcome(), clock.instant(), done.detail());
    return Signed.sign(Purpose.RECEIPT, signer, receipt.bytes()).bytes();
  }
}
