package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.amqp.TestOffice.NOW;
import static org.gridwarden.channel.amqp.TestOffice.SOON;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/** A meter's desk for orders, and an operator whom it knows. */
final class TestDesk {
  private final MeterId meter;
  private final KeyPair operator;
  private final KeyPair meterKey;
  private final OrderDesk desk;
  private final CompletableFuture<Action> acted = new CompletableFuture<>();
  private final CommandId id = new CommandId(new UUID(3, 4));

  private TestDesk(MeterId meter, KeyPair operator, KeyPair meterKey) {
    this.meter = meter;
    this.operator = operator;
    this.meterKey = meterKey;
    long[] counter = {-1};
    this.desk =
        new OrderDesk(
            meter,
            TestOffice.key(meter, Purpose.COMMAND_SEAL).encryption(),
            name -> Optional.of(operator.getPublic()),
            Signer.of(meterKey),
            new OrderDesk.Counter() {
              @Override
              public long seen() {
                return counter[0];
              }

              @Override
              public void seen(long now) {
                counter[0] = now;
              }
            },
            action -> {
              acted.complete(action);
              return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "open");
            },
            InstantSource.fixed(NOW));
  }

  static TestDesk of(MeterId meter) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new TestDesk(meter, generator.generateKeyPair(), generator.generateKeyPair());
  }

  SignedCommand command() throws CommandException {
    Order order = new Order(id, meter, new Action.Disconnect(), NOW, NOW.plusSeconds(60), "olga");
    byte[] signed =
        Signed.sign(
                org.gridwarden.security.command.Purpose.ORDER, Signer.of(operator), order.bytes())
            .bytes();
    return new SignedCommand(id, meter, signed);
  }

  /** Sends it over a channel, from any thread. */
  Receipt send(Channel channel) {
    try (var session = channel.open(meter, Deadline.in(SOON))) {
      return session.send(command());
    } catch (ChannelException | CommandException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What the meter answers to what came down: its receipt, secured. */
  byte[] answer(MeterEnd end, byte[] message) {
    try {
      if (!(end.open(message) instanceof Payload.Dispatch(byte[] dispatch))) {
        throw new IllegalStateException("no order");
      }
      return end.seal(MessageClass.CONTROL, Form.SIGNED, desk.take(dispatch));
    } catch (MessageException | CommandException e) {
      throw new IllegalStateException(e);
    }
  }

  void confirms(Receipt receipt) throws CommandException {
    assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(receipt.id()).isEqualTo(id);
    assertThat(acted).isCompletedWithValue(new Action.Disconnect());
    Signed.parse(receipt.evidence())
        .open(org.gridwarden.security.command.Purpose.RECEIPT, meterKey.getPublic());
  }
}
