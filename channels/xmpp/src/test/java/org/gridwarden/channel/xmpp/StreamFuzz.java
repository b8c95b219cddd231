package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a server says, in whatever pieces, is cut and read, or refused in one way. */
class StreamFuzz {
  private static final int LONGEST = 4_096;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    StreamCutter cutter = new StreamCutter(LONGEST);
    int half = input.length / 2;
    byte[] rest = Arrays.copyOfRange(input, half, input.length);
    try {
      for (byte[] some : new byte[][] {Arrays.copyOf(input, half), rest}) {
        for (StreamCutter.Piece piece : cutter.take(some, some.length)) {
          if (piece instanceof StreamCutter.Piece.Stanza(byte[] xml)) {
            assertThat(xml.length).isLessThanOrEqualTo(LONGEST);
            read(xml);
          }
        }
      }
    } catch (XmppException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static void read(byte[] xml) throws XmppException {
    Element stanza = ElementReader.read(xml, Words.COMPONENT);
    // what is written of it says the same
    byte[] again = stanza.xml(Words.COMPONENT).getBytes(StandardCharsets.UTF_8);
    assertThat(ElementReader.read(again, Words.COMPONENT).name()).isEqualTo(stanza.name());
    assertThat(Words.message(stanza).map(m -> m.length).orElse(0)).isLessThan(LONGEST);
    stanza.attribute("from").flatMap(Jid::of).ifPresent(jid -> assertThat(jid).isNotNull());
  }

  static Stream<Arguments> seeds() {
    String open =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
            + " xmlns:stream='http://etherx.jabber.org/streams' id='1'>";
    return Stream.of(
            open + "<handshake/>",
            open
                + "<iq type='set' id='1' from='gw-1@m/a' to='o.m'><secured"
                + " xmlns='urn:gridwarden:xmpp:1'>0IND</secured></iq>",
            open
                + "<message><event xmlns='http://jabber.org/protocol/pubsub#event'><items"
                + " node='n'><item id='1'><a/></item></items></event></message>",
            open + "<presence type='unavailable'/></stream:stream>",
            open + "<a><![CDATA[]]>]]&gt;</a><!DOCTYPE a>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]>",
            "<a><b c=\"d\"")
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
  }
}
