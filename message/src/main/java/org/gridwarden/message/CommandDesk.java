package org.gridwarden.message;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.Dispatch;
import org.gridwarden.security.command.MeterReceipt;

/**
 * Sends orders to meters in secured messages, and knows who waits for which meter's receipt: one at
 * a time a meter. Whichever channel carries them. Thread-safe.
 */
public final class CommandDesk {
  private final Channel.Host host;
  private final OfficeSender sender;
  private final Map<MeterId, Waiting> waiting = new ConcurrentHashMap<>();

  private record Waiting(SignedCommand command, CompletableFuture<Receipt> receipt) {}

  /** A channel's way to the one meter. */
  public interface Way {
    /** Hands a secured message over to the network. */
    void send(byte[] message) throws ChannelException;
  }

  public CommandDesk(Channel.Host host) {
    this.host = host;
    this.sender = new OfficeSender(host);
  }

  /**
   * Sends a command and waits for the meter's receipt.
   *
   * @throws ChannelException FORBIDDEN or BUSY where nothing was sent; TIMEOUT where it was, and no
   *     receipt came
   */
  public Receipt send(SignedCommand command, Deadline deadline, Way way)
      throws ChannelException, InterruptedException {
    MeterId meter = command.meter();
    KeySet seal =
        host.keys()
            .keys(meter, Purpose.COMMAND_SEAL)
            .orElseThrow(() ->
                fault(
                    Fault.Code.FORBIDDEN,
                    meter,
                    "it was shipped without a seal, so that it has no desk for commands; nothing"
                        + " was sent"));
    Waiting mine = new Waiting(command, new CompletableFuture<>());
    if (waiting.putIfAbsent(meter, mine) != null) {
      throw fault(
          Fault.Code.BUSY, meter, "another command waits for its receipt; nothing was sent");
    }
    try {
      // one by one: whoever sends next, over whichever channel, has a greater counter
      long counter =
          host.counters().reserve(meter, Purpose.COMMAND_SEAL.counterName(seal.keyId()), 1);
      byte[] dispatch = new Dispatch(counter, command.signed()).seal(seal.encryption());
      byte[] message =
          sender
              .seal(meter, MessageClass.CONTROL, Form.DISPATCH, dispatch)
              .orElseThrow(() ->
                  fault(
                      Fault.Code.FORBIDDEN, meter, "it has no key for messages; nothing was sent"));
      way.send(message);
      return mine.receipt.get(Math.max(1, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw fault(
          Fault.Code.TIMEOUT, meter, "it was sent the command, and no receipt came in time");
    } catch (ExecutionException e) {
      throw fault(Fault.Code.TIMEOUT, meter, "its connection ended before its receipt came");
    } finally {
      waiting.remove(meter, mine);
    }
  }

  /**
   * A meter has answered.
   *
   * @param signed a COSE_Sign1 message, not verified
   * @return whether somebody waited for it
   */
  public boolean answered(MeterId meter, byte[] signed) {
    return answered(meter, signed, () -> {});
  }

  /**
   * A meter has answered an order that lay somewhere for it.
   *
   * @param signed a COSE_Sign1 message, not verified
   * @param clear takes that order away, before the next one can be laid there: whoever waits is
   *     told afterwards
   * @return whether somebody waited for it
   */
  public boolean answered(MeterId meter, byte[] signed, Runnable clear) {
    Waiting who = waiting.get(meter);
    if (who == null) {
      return false;
    }
    Optional<Receipt> receipt = MeterReceipt.answer(who.command, signed);
    receipt.ifPresent(r -> {
      clear.run();
      who.receipt.complete(r);
    });
    return receipt.isPresent();
  }

  /** A meter's connection has ended: nobody waits any longer for what will not come. */
  public void gone(MeterId meter) {
    Waiting who = waiting.get(meter);
    if (who != null) {
      who.receipt.completeExceptionally(new IllegalStateException("gone"));
    }
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }
}
