package org.gridwarden.channel.http;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.Cbor;

/**
 * One secured message a binary frame, both ways. Each that came up is acknowledged after its commit
 * by {@code [n, status]} in CBOR, {@code [n, status, remedy]} where it was not taken: the n-th of
 * this connection, from 1, and HTTP's status for it. An order goes down as it is: it begins with
 * COSE's tag (0xD0), an acknowledgement with an array's head (0x82, 0x83).
 */
final class MessageTalk implements Talk, Orders.Ear {
  private static final int LONGEST_REMEDY = 120;

  private final SocketWire wire;
  private final Connection connection;
  private final HttpChannel.Shared shared;
  private long count;

  private MessageTalk(SocketWire wire, Connection connection, HttpChannel.Shared shared) {
    this.wire = wire;
    this.connection = connection;
    this.shared = shared;
  }

  /** A meter listens from now on; a concentrator only sends. */
  static MessageTalk begin(SocketWire wire, Connection connection, HttpChannel.Shared shared) {
    MessageTalk talk = new MessageTalk(wire, connection, shared);
    connection.who().meter().ifPresent(meter -> shared.orders().listens(meter, talk));
    return talk;
  }

  @Override
  public void binary(byte[] message) throws InterruptedException {
    count++;
    long mine = count;
    connection.take();
    boolean handed = false;
    try {
      Login.Who who = connection.who();
      CompletionStage<Uplink.Result> taken =
          shared.uplink().take(message, who, who.meter(), Optional.empty(), connection.name());
      handed = true;
      taken.whenComplete((result, failure) -> {
        try {
          if (result != null) {
            wire.binary(acknowledgement(mine, result));
          }
        } finally {
          connection.release();
        }
      });
    } finally {
      if (!handed) {
        connection.release();
      }
    }
  }

  static byte[] acknowledgement(long number, Uplink.Result result) {
    return Cbor.write(out -> {
      out.writeStartArray(null, result.isTaken() ? 2 : 3);
      out.writeNumber(number);
      out.writeNumber(result.status());
      if (result.problem().isPresent()) {
        String remedy = result.problem().get().fault().remedy();
        out.writeString(remedy.substring(0, Math.min(remedy.length(), LONGEST_REMEDY)));
      }
      out.writeEndArray();
    });
  }

  @Override
  public void text(byte[] utf8) throws IOException {
    throw wire.close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "messages are binary");
  }

  @Override
  public boolean hear(byte[] message) {
    return wire.binary(message);
  }

  @Override
  public void over() {
    Optional<MeterId> meter = connection.who().meter();
    if (meter.isPresent() && shared.orders().deaf(meter.get(), this)) {
      shared.desk().gone(meter.get());
    }
  }
}
