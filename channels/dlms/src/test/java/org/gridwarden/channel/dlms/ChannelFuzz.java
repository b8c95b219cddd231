package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: hostile bytes into a session, without sockets: nothing is thrown, nothing is proven. */
class ChannelFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) throws InterruptedException {
    TestOffice office = new TestOffice();
    office.policy = Meter.PushPolicy.PLAIN;
    PushHandler handler =
        new PushHandler(
            office.host(),
            () -> new ChannelId("dlms", "fuzz"),
            PushLayouts.builtIn(),
            TestOffice.limits(),
            office.sender(),
            new Tally());
    Hostile peer = new Hostile();
    LinkDecoder decoder = LinkDecoder.auto(1 << 16);
    decoder.feed(ByteBuffer.wrap(Arrays.copyOf(input, Math.min(input.length, 1 << 16))));
    decoder.finish();
    for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
      if (e.get() instanceof LinkEvent.Pdu(LinkInfo link, byte[] apdu, long _)) {
        handler.take(link, apdu, Optional.of("GWS00000007"), peer);
      }
    }
    assertThat(peer.open).isZero();
    assertThat(peer.proven).as("a MAC was forged").isFalse();
  }

  private static final class Hostile implements Peer {
    private int open;
    private boolean proven;

    @Override
    public String name() {
      return "fuzz";
    }

    @Override
    public boolean proven(MeterId meter, org.gridwarden.dlms.LinkInfo link) {
      proven = true;
      return true;
    }

    @Override
    public void begin() {
      open++;
    }

    @Override
    public void end() {
      open--;
    }

    @Override
    public boolean answers(LinkInfo link) {
      return true;
    }

    @Override
    public void reply(LinkInfo link, byte[] apdu) {
      // nobody listens
    }
  }

  static Stream<Arguments> seeds() {
    byte[] forged = TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), 1);
    forged[forged.length - 1] ^= 1;
    return Stream.of(
            new byte[0],
            Apdus.encode(TestOffice.push(true, TestOffice.NOW)),
            Apdus.encode(TestOffice.event(40)),
            Wrapper.encode(1, 1, Apdus.encode(TestOffice.push(false, TestOffice.NOW))),
            forged,
            HexFormat.of().parseHex("db0847575300000000078130"),
            HexFormat.of().parseHex("c2000001000060010000ff020f01"))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
