package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.exceptions.ProtonException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever comes is cut into frames, reduced and taken by the engine, or refused: by an
 * exception of our own, or, within the engine, by one of its own.
 */
class AmqpFuzz {
  private static final int LONGEST = 4_096;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] bytes) {
    took(new byte[] {}, bytes);
    took(opened(), bytes); // in a session, with a link
  }

  private static void took(byte[] before, byte[] bytes) {
    Engine engine = engine();
    Frames frames = new Frames(LONGEST);
    try {
      frames.add(Sasl.AMQP_HEADER, Frames.HEAD);
      assertThat(frames.next()).isPresent();
      frames.add(before, before.length);
      frames.add(bytes, bytes.length);
      for (Optional<byte[]> unit = frames.next(); unit.isPresent(); unit = frames.next()) {
        looked(unit.get());
        Reduced reduced = Reduced.of(unit.get());
        assertThat(reduced.frame().length).isLessThanOrEqualTo(2 * unit.get().length + 64);
        engine.ingest(ProtonBufferAllocator.defaultAllocator().copy(reduced.frame()));
        if (engine.isFailed()) {
          return;
        }
      }
    } catch (AmqpException | ProtonException e) {
      // none, or none that may come now
    }
  }

  /** The other readers of outside bytes. */
  private static void looked(byte[] unit) {
    try {
      assertThat(Body.of(unit).length).isLessThanOrEqualTo(unit.length);
    } catch (AmqpException e) {
      // no message
    }
    try {
      assertThat(Sasl.init(unit).mechanism()).isNotNull();
    } catch (AmqpException e) {
      // no login
    }
    try {
      assertThat(Sasl.outcome(unit)).isNotNegative();
    } catch (AmqpException e) {
      // no outcome
    }
    assertThat(Addresses.up(new String(unit, java.nio.charset.StandardCharsets.ISO_8859_1)))
        .isNotNull();
  }

  private static Engine engine() {
    Engine engine = EngineFactory.PROTON.createNonSaslEngine();
    engine.outputHandler((buffer, done) -> {
      buffer.close();
      if (done != null) {
        done.run();
      }
    });
    engine.errorHandler(failed -> {});
    Connection connection = engine.connection();
    connection.setMaxFrameSize(LONGEST);
    connection.setChannelMax(1);
    connection.openHandler(Connection::open);
    connection.sessionOpenHandler(Session::open);
    connection.receiverOpenHandler(link -> {
      link.open();
      link.addCredit(10);
    });
    connection.senderOpenHandler(link -> link.open());
    engine.start();
    engine.ingest(ProtonBufferAllocator.defaultAllocator().copy(Sasl.AMQP_HEADER));
    return engine;
  }

  private static byte[] opened() {
    byte[] none = RawClient.nothing();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(RawClient.frame(RawClient.OPEN, RawClient.string("x")));
    out.writeBytes(
        RawClient.frame(
            RawClient.BEGIN, none, RawClient.uint(0), RawClient.uint(9), RawClient.uint(9)));
    out.writeBytes(
        RawClient.frame(
            RawClient.ATTACH,
            RawClient.string("link"),
            RawClient.uint(0),
            new byte[] {0x42},
            none,
            none,
            Reduced.list(0x28, 1, none),
            Reduced.list(0x29, 1, RawClient.string("gw/up")),
            none,
            none,
            RawClient.uint(0)));
    return out.toByteArray();
  }

  static Stream<Arguments> seeds() {
    byte[] none = RawClient.nothing();
    byte[] body = Body.write(new byte[] {1, 2, 3}, 1_000);
    byte[] number = RawClient.uint(0);
    return Stream.of(
            opened(),
            RawClient.transfer(0, false, body),
            RawClient.transfer(0, true, body),
            RawClient.frame(
                RawClient.FLOW, number, number, number, number, number, number, number, none, none),
            RawClient.frame(
                0x15,
                new byte[] {0x41},
                number,
                number,
                new byte[] {0x41},
                Reduced.list(0x24, 0, none)), // a disposition
            RawClient.frame(0x16, number, new byte[] {0x41}), // detach
            RawClient.frame(0x17), // end
            RawClient.frame(RawClient.CLOSE),
            body,
            Sasl.init("PLAIN", new byte[] {0, 'a', 0, 'b'}),
            Sasl.outcome(0),
            new byte[] {0, 0, 0, 16, 2, 0, 0, 0, 0, 0x53, 0x18, (byte) 0xD0, 0, 0, 0, 0})
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
