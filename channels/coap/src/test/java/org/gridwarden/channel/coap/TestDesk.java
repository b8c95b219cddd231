package org.gridwarden.channel.coap;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.coap.CoapLine;

/** A meter's desk for orders, which does what it is told. */
final class TestDesk {
  private TestDesk() {}

  static OrderDesk of(MeterId meter, PublicKey operator, KeyPair meterKey) {
    long[] counter = {-1};
    return new OrderDesk(
        meter,
        TestOffice.key(meter, Purpose.COMMAND_SEAL).encryption(),
        id -> Optional.of(operator),
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
        action -> new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "done"),
        InstantSource.fixed(TestOffice.NOW));
  }

  /** Opens an order and posts its receipt. */
  static void answer(CoapLine line, MeterEnd end, OrderDesk desk, byte[] message) {
    try {
      if (end.open(message) instanceof Payload.Dispatch(byte[] dispatch)) {
        byte[] receipt = desk.take(dispatch);
        var unused =
            line.post("gw/control", end.seal(MessageClass.CONTROL, Form.SIGNED, receipt), true);
      }
    } catch (MessageException | CommandException e) {
      throw new IllegalStateException(e);
    }
  }
}
